package perfil;

/** Resultado da análise de um rosto para segmentação de anúncios em totens. */
public class PerfilRosto {
    private final String totemId;
    private final int idadeEstimada;
    private final String generoEstimado;
    private final String orientacaoSexualEstimada;
    private final double sorriso;
    private final boolean oculos;

    public PerfilRosto(String totemId, float[] saida) {
        this.totemId = totemId;
        this.idadeEstimada = Math.round(saida[0]);
        this.generoEstimado = saida[1] > 0.5 ? "F" : "M";
        this.orientacaoSexualEstimada = saida[2] > 0.5 ? "homo" : "hetero";
        this.sorriso = saida[3];
        this.oculos = saida[4] > 0.5;
    }

    public String getTotemId() { return totemId; }
}
