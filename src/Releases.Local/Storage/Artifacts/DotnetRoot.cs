using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Finds where .NET's shared frameworks are installed.</summary>
internal static class DotnetRoot
{
    private static readonly string[] UsualPlaces =
        ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet", "/usr/local/share/dotnet", "/usr/local/share/dotnet/x64"];

    /// <summary>Returns the folder that contains <c>shared</c>, or null. It searches where an app host does, and then PATH.</summary>
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

    /// <summary>Returns the folder of the <c>dotnet</c> that a shell would start, with links resolved.</summary>
    private static string? OnPath()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(f => new FileInfo(Path.Combine(f, name))).FirstOrDefault(f => f.Exists);
        return found is null ? null : Path.GetDirectoryName((found.ResolveLinkTarget(returnFinalTarget: true) ?? found).FullName);
    }
}
