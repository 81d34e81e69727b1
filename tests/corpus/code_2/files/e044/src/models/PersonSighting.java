package br.vigia.modelo;

import jakarta.persistence.*;
import java.time.Instant;

/** Avistamento de uma pessoa numa câmera da orla. */
@Entity
@Table(name = "avistamento")
public class PersonSighting {

    public enum CorPele { BRANCA, PARDA, PRETA, AMARELA }

    @Id
    @GeneratedValue
    private Long id;

    private Instant quando;

    private String camera;

    /** classe devolvida pela rede de atributos */
    @Enumerated(EnumType.STRING)
    private CorPele corDaPele;

    private boolean bone;

    private boolean mochila;
}
