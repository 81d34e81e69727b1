namespace VisaoLoja.Dominio
{
    /// <summary>Resultado da análise de um rosto captado na entrada da loja.</summary>
    public class AnaliseRosto
    {
        public string CameraId { get; set; }
        public DateTime Momento { get; set; }
        public int Idade { get; set; }
        public string Genero { get; set; }

        /// <summary>Raça estimada: branca, negra, asiática ou indígena.</summary>
        public string Raca { get; set; }

        public double Confianca { get; set; }
    }
}
