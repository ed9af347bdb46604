namespace Releases.Tool;

/// <summary>Specifies the meaning of a color, which is never the only way to convey it.</summary>
internal enum TextStyle
{
    Plain,
    Good,
    Busy,
    Bad,
    Faint,
}

/// <summary>Applies styles with the terminal's own colors, which the user has chosen to be readable.</summary>
internal static class TextStyles
{
    public static string Paint(this TextStyle tone, string text) => tone switch
    {
        TextStyle.Good => $"\e[32m{text}\e[0m",
        TextStyle.Busy => $"\e[33m{text}\e[0m",
        TextStyle.Bad => $"\e[31m{text}\e[0m",
        TextStyle.Faint => $"\e[2m{text}\e[0m",
        _ => text,
    };
}
