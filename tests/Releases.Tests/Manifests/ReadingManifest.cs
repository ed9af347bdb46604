namespace Releases.Tests.Manifests;

/// <summary>Reads manifests in tests.</summary>
internal static class ReadingManifest
{
    public static ManifestResult Read(string text) => ManifestReader.Read(text, "convox.yml");

    /// <summary>The manifest's only service.</summary>
    public static Service Service(string text) => Read(text).Require().Services.Single();

    /// <summary>The problems as they are shown, without their remedies.</summary>
    public static string[] Problems(string text) => [.. Read(text).Problems.Select(p => $"{p.Location}: {p.Message}")];

    public static string[] Warnings(string text) => [.. Read(text).Warnings.Select(p => $"{p.Location}: {p.Message}")];
}
