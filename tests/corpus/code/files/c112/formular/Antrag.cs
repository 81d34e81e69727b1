using System;

namespace Buergeramt.Formulare
{
    /// <summary>Anmeldung einer Wohnung, Angaben der meldepflichtigen Person.</summary>
    public sealed class Anmeldung
    {
        public string Familienname { get; set; } = "";
        public string Vornamen { get; set; } = "";
        public DateOnly Geburtsdatum { get; set; }
        public string Staatsangehoerigkeit { get; set; } = "";

        /// <summary>Nur für die Kirchensteuer, freiwillig: rk, ev, leer</summary>
        public string? Religion { get; set; }

        public string NeueAnschrift { get; set; } = "";
        public DateOnly Einzug { get; set; }
    }
}
