namespace Releases.Tool;

/// <summary>What a colour means; never the only way that something is said.</summary>
internal enum Tone
{
    Plain,
    Good,
    Busy,
    Bad,
    Faint,
}

/// <summary>Tones as the terminal's own colours, which the person chose to be readable.</summary>
internal static class Tones
{
    public static string Paint(this Tone tone, string text) => tone switch
    {
        Tone.Good => $"\e[32m{text}\e[0m",
        Tone.Busy => $"\e[33m{text}\e[0m",
        Tone.Bad => $"\e[31m{text}\e[0m",
        Tone.Faint => $"\e[2m{text}\e[0m",
        _ => text,
    };
}
