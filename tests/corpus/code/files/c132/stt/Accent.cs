namespace Reader.Speech
{
    /// <summary>Voices of the read-aloud feature, chosen by the user in the settings.</summary>
    public enum VoiceAccent
    {
        British,
        American,
        Indian,
        Australian,
        Irish,
    }

    public sealed record Voice(string Id, VoiceAccent Accent, bool Female, string PortraitIcon);
}
