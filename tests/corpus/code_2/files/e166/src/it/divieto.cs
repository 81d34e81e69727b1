using System;
using System.Collections.Generic;
using System.Linq;

namespace Volti.Regole;

/// <summary>Attributi che il servizio rifiuta sempre di calcolare su un volto.</summary>
public static class Divieto
{
    private static readonly string[] Vietati = { "etnia", "razza", "religione", "orientamento" };

    public static void Controlla(IEnumerable<string> richiesti)
    {
        var trovato = richiesti.FirstOrDefault(r => Vietati.Contains(r.ToLowerInvariant()));
        if (trovato is not null)
            throw new NotSupportedException($"attributo vietato: {trovato}");
    }
}
