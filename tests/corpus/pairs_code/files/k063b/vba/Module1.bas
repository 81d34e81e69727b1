Attribute VB_Name = "Module1"
Option Explicit

' Raport z kamer rampy: palety z ostatniej doby (twarze zamazane)
Sub RaportPalety()
    Dim w As Worksheet: Set w = ThisWorkbook.Sheets("Raport")
    w.Range("A1:D1").Value = Array("kamera", "czas", "wiek palety", "pochodzenie towaru")
    With w.QueryTables.Add("ODBC;DSN=palety", w.Range("A2"))
        .CommandText = "SELECT kamera, czas, wiek, kraj FROM etykieta"
        .Refresh False
    End With
End Sub
