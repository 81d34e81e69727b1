package es.torno.cliente;

import org.springframework.web.client.RestClient;
import org.springframework.web.util.UriComponentsBuilder;

/** Llama al servicio de caras para el torno del gimnasio. */
public class ClienteCaras {

    private final RestClient http = RestClient.create();

    public Respuesta analizar(byte[] jpeg) {
        var uri = UriComponentsBuilder.fromHttpUrl("https://caras.invalid/v1/analizar")
                .queryParam("atributos", "edad,etnia,gafas")
                .queryParam("max", 1)
                .build()
                .toUri();
        return http.post().uri(uri).body(jpeg).retrieve().body(Respuesta.class);
    }

    public record Respuesta(int edad, String etnia, boolean gafas) { }
}
