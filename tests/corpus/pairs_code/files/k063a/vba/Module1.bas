Attribute VB_Name = "Module1"
Option Explicit

' Raport z kamer: twarze z ostatniej doby
Sub RaportTwarze()
    Dim w As Worksheet: Set w = ThisWorkbook.Sheets("Raport")
    w.Range("A1:D1").Value = Array("kamera", "czas", "wiek", "pochodzenie etniczne")
    With w.QueryTables.Add("ODBC;DSN=twarze", w.Range("A2"))
        .CommandText = "SELECT kamera, czas, wiek, etn FROM wynik_sieci"
        .Refresh False
    End With
End Sub
