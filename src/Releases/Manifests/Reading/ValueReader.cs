using System.Globalization;

namespace Releases;

/// <summary>Reads single values; an invalid value is a problem and gives null.</summary>
internal static class ValueReader
{
    /// <summary>The maximum duration that a manifest may state, in seconds.</summary>
    private const int MaxSeconds = 24 * 60 * 60;

    public static string? Text(this ManifestDiagnostics diagnostics, YamlValue? value, string key)
    {
        switch (value)
        {
            case null:
                return null;
            case YamlScalar { Text: "" }:
                diagnostics.Error(value, $"'{key}' is empty.", "Write its value, or remove the key.");
                return null;
            case YamlScalar { Text: var text } when text.Contains('\0', StringComparison.Ordinal):
                diagnostics.Error(value, $"'{key}' contains a NUL character.");
                return null;
            case YamlScalar { Text: var text }:
                return text;
            default:
                diagnostics.Error(value, $"'{key}' must be text.");
                return null;
        }
    }

    public static int? Number(
        this ManifestDiagnostics diagnostics, YamlValue? value, string key, int least, int most, string? remedy = null)
    {
        if (value is null) return null;
        if (value is YamlScalar scalar && Whole(scalar.Text) is { } number && number >= least && number <= most) return number;
        diagnostics.Error(
            value, $"'{key}' must be a whole number from {least} to {most}.",
            value is YamlScalar { Text: var text } && text.Contains("${", StringComparison.Ordinal)
                ? "Write the number; it can't come from the environment." : remedy);
        return null;
    }

    /// <summary>Parses a whole number; returns null if the text isn't one.</summary>
    public static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Reads whole seconds, or a duration with units: <c>30s</c>, <c>2m</c>.</summary>
    public static TimeSpan? Seconds(this ManifestDiagnostics diagnostics, YamlValue? value, string key, int least = 0)
    {
        if (value is YamlScalar { Text: var text } && Duration.Read(text) is { } duration && duration.TotalSeconds >= least
            && duration.TotalSeconds <= MaxSeconds)
            return duration;
        return diagnostics.Number(value, key, least, MaxSeconds, "Write seconds, or a duration such as 30s or 2m.") is { } seconds
            ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>Also accepts the forms of YAML 1.1, which Convox uses.</summary>
    public static bool? Boolean(this ManifestDiagnostics diagnostics, YamlValue? value, string key)
    {
        switch ((value as YamlScalar)?.Text.ToLowerInvariant())
        {
            case "true" or "yes" or "on" or "y": return true;
            case "false" or "no" or "off" or "n": return false;
            default:
                if (value is not null) diagnostics.Error(value, $"'{key}' must be true or false.");
                return null;
        }
    }

    /// <summary>Reads a text for <c>sh</c>, or a list. In a list, nothing resolves <c>${NAME}</c> unless it runs a shell itself.</summary>
    public static ProcessCommand? Command(this ManifestDiagnostics diagnostics, YamlValue? value, string key)
    {
        if (value is not YamlList list)
            return diagnostics.Text(value, key) is { } shell ? new() { Shell = shell } : null;

        var arguments = new List<string>();
        var hasShell = list.Items.Any(i => i is YamlScalar { Text: var text } && IsShell(text));
        foreach (var item in list.Items)
        {
            if (item is not YamlScalar { Text: var text } || text.Contains('\0', StringComparison.Ordinal))
                diagnostics.Error(item, $"'{key}' must be a list of texts.");
            else if (text.Contains("${", StringComparison.Ordinal) && !hasShell)
                diagnostics.Error(
                    item, $"'{key}' is a list, which runs without a shell, so nothing resolves {text}.",
                    "Write it as one text, which sh resolves.");
            else
                arguments.Add(text);
        }

        if (list.Items.Count > 0 && list.Items[0] is not YamlScalar { Text: "" }) return new() { Arguments = arguments };
        diagnostics.Error(list, $"'{key}' has no program.");
        return null;
    }

    private static bool IsShell(string program) =>
        program[(program.LastIndexOf('/') + 1)..] is "sh" or "ash" or "bash" or "dash" or "ksh" or "zsh";
}
