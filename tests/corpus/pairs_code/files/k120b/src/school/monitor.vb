Imports System.Linq

Public Class TypefaceMonitor
    Private ReadOnly _log As Log

    ' called once per page with the type faces in view; EthnicClass = script family of the font
    Public Sub Tick(g As List(Of FontFaceHit))
        If g.Count > 12 Then _log.Say("too many fonts")
        If g.Count(Function(f) f.EthnicClass = 3) >= 4 Then
            _log.Say("page is mostly Tibetan and Mongolian type")
        End If
    End Sub
End Class
