namespace Releases;

/// <summary>Reads <c>x-convox: { oldest: v12 }</c>: the oldest release that can still be rolled back to.</summary>
internal static class RollbackLimitReader
{
    public const string Key = "x-convox";

    /// <summary>
    /// Returns the number of that release, or null if there is no limit. Earlier versions ignored the key, whatever its value.
    /// </summary>
    public static long? Read(YamlValue? value, ManifestDiagnostics diagnostics)
    {
        var own = diagnostics.ForKeysOnceIgnored;
        if (ManifestSection.Read(value, ManifestKeys.RollbackLimit, own, $"'{Key}'")?["oldest"] is not { } oldest) return null;
        if (oldest is YamlScalar { Text: var text } && Parse(text) is { } number) return number;
        own.Error(oldest, "'oldest' is the number of a release.", "For example: x-convox: { oldest: v12 }");
        return null;
    }

    private static long? Parse(string text)
    {
        try
        {
            return ReleaseReference.Parse(text).Number;
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
