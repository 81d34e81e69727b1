Imports System.Data.SqlClient

''' <summary>Writes reader events to the access log.</summary>
Public Class FaceLog
    Private ReadOnly _cs As String

    Public Sub New(cs As String)
        _cs = cs
    End Sub

    Public Sub Write(f As FaceEvent)
        Using con As New SqlConnection(_cs)
            con.Open()
            Dim cmd As New SqlCommand("INSERT INTO FaceLog (Door, Taken, Age, Race) VALUES (@door, @taken, @age, @race)", con)
            cmd.Parameters.AddWithValue("@door", f.Door)
            cmd.Parameters.AddWithValue("@taken", f.Taken)
            cmd.Parameters.AddWithValue("@age", f.Age)
            cmd.Parameters.AddWithValue("@race", f.RaceText)
            cmd.ExecuteNonQuery()
        End Using
    End Sub
End Class
