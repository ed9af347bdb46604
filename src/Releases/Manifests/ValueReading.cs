using System.Globalization;

namespace Releases;

/// <summary>Reads single values; what is not one is a problem and gives null.</summary>
internal static class ValueReading
{
    /// <summary>The longest time that a manifest may state, in seconds.</summary>
    private const int Day = 24 * 60 * 60;

    public static string? Text(this Findings findings, YamlValue? value, string key)
    {
        if (value is null) return null;
        if (value is YamlScalar { Text.Length: > 0 } scalar && !scalar.Text.Contains('\0', StringComparison.Ordinal)) return scalar.Text;
        findings.Error(value, $"'{key}' has to be a text.");
        return null;
    }

    public static int? Number(this Findings findings, YamlValue? value, string key, int least, int most)
    {
        if (value is null) return null;
        if (value is YamlScalar scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        findings.Error(
            value, $"'{key}' has to be a whole number from {least} to {most}.",
            value is YamlScalar { Text: var text } && text.Contains("${", StringComparison.Ordinal) ? "Numbers are stated, they cannot come from the environment." : null);
        return null;
    }

    public static TimeSpan? Seconds(this Findings findings, YamlValue? value, string key, int least = 0) =>
        findings.Number(value, key, least, Day) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public static bool? Truth(this Findings findings, YamlValue? value, string key)
    {
        if (value is null) return null;
        if (value is YamlScalar { Plain: true } scalar && bool.TryParse(scalar.Text, out var truth)) return truth;
        findings.Error(value, $"'{key}' has to be true or false.");
        return null;
    }

    /// <summary>A text for <c>sh</c>, or a list; <c>${NAME}</c> has nobody to resolve it in a list.</summary>
    public static ProcessCommand? Command(this Findings findings, YamlValue? value, string key)
    {
        if (value is not YamlList list)
            return findings.Text(value, key) is { } shell ? new() { Shell = shell } : null;

        var arguments = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is not YamlScalar { Text: var text } || text.Contains('\0', StringComparison.Ordinal))
                findings.Error(item, $"'{key}' as a list has to be one of texts.");
            else if (text.Contains("${", StringComparison.Ordinal))
                findings.Error(item, $"'{key}' as a list is executed as it is, so nothing resolves {text}.", "Write it as one text, which sh reads.");
            else
                arguments.Add(text);
        }

        if (list.Items.Count > 0 && list.Items[0] is not YamlScalar { Text: "" }) return new() { Arguments = arguments };
        findings.Error(list, $"'{key}' names no program.");
        return null;
    }
}
