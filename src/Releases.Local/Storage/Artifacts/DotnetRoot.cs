using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Where .NET's shared frameworks are installed.</summary>
internal static class DotnetRoot
{
    private static readonly string[] UsualPlaces =
        ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet", "/usr/local/share/dotnet", "/usr/local/share/dotnet/x64"];

    /// <summary>
    /// The folder that has <c>shared</c> in it, or null. It is looked for where a program's own host looks, and then by PATH.
    /// </summary>
    public static string? Find() => Candidates().FirstOrDefault(c => c is { Length: > 0 } && Directory.Exists(Path.Combine(c, "shared")));

    private static IEnumerable<string?> Candidates()
    {
        var architecture = RuntimeInformation.OSArchitecture.ToString();
        yield return Environment.GetEnvironmentVariable("DOTNET_ROOT_" + architecture.ToUpperInvariant());
        yield return Environment.GetEnvironmentVariable("DOTNET_ROOT");
        yield return Installed("/etc/dotnet/install_location_" + architecture.ToLowerInvariant());
        yield return Installed("/etc/dotnet/install_location");
        foreach (var place in UsualPlaces) yield return place;
        if (OperatingSystem.IsWindows())
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet");
        yield return OnPath();
    }

    private static string? Installed(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;

    /// <summary>The folder of the <c>dotnet</c> that a shell would start, through its links.</summary>
    private static string? OnPath()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(f => new FileInfo(Path.Combine(f, name))).FirstOrDefault(f => f.Exists);
        return found is null ? null : Path.GetDirectoryName((found.ResolveLinkTarget(returnFinalTarget: true) ?? found).FullName);
    }
}
