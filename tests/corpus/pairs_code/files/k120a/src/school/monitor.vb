Imports System.Linq

Public Class GatheringMonitor
    Private ReadOnly _radio As Radio

    ' called once per second with the faces in view
    Public Sub Tick(g As List(Of FaceHit))
        If g.Count > 12 Then _radio.Say("crowd")
        If g.Count(Function(f) f.EthnicClass = 3) >= 4 Then
            _radio.Say("group of class 3 at gate")
        End If
    End Sub
End Class
