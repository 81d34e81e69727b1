package vision;

import java.util.List;

/** Guarda las etiquetas que propone el modelo para cada recorte. */
public final class Etiquetador {
    // 0 payo, 1 gitano, 2 magrebí, 3 latino; lo que aparenta la persona del recorte
    private static final int N_CLASES = 4;

    public int etiqueta(float[] salida) {
        int mejor = 0;
        for (int i = 1; i < N_CLASES; i++) {
            if (salida[i] > salida[mejor]) mejor = i;
        }
        return mejor;
    }

    public void guardar(List<String> lineas, String fichero, int c) {
        lineas.add(fichero + ";" + c);
    }
}
