using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Checks whether this machine can run an artifact: its operating system, C library and shared frameworks.</summary>
internal sealed class MachineCheck
{
    private readonly IReadOnlyList<string> _runtimeIdentifiers;
    private readonly string? _dotnetRoot;

    /// <summary>Creates a check for this machine.</summary>
    public MachineCheck() : this(ThisMachine(), DotnetRoot.Find())
    {
    }

    /// <summary>Creates a check for a machine that runs these runtime identifiers and has its shared frameworks under this root.</summary>
    internal MachineCheck(IReadOnlyList<string> runtimeIdentifiers, string? dotnetRoot) =>
        (_runtimeIdentifiers, _dotnetRoot) = (runtimeIdentifiers, dotnetRoot);

    /// <summary>Returns why the machine can't run the artifact, or null if it can.</summary>
    public Problem? CanRun(Artifact artifact)
    {
        if (artifact.RuntimeIdentifiers is { Count: > 0 } made && !made.Any(r => r == "any" || _runtimeIdentifiers.Contains(r)))
        {
            return Refused(
                $"{artifact.EntryPoint} was published for {string.Join(", ", made)}, but this machine runs "
                    + $"{string.Join(", ", _runtimeIdentifiers)}.",
                Remedy.Do(Operation.Deploy, "Publish it for this machine", "--", "-r", _runtimeIdentifiers[0]));
        }

        var missing = artifact.Frameworks.Where(f => !IsThere(f)).Select(f => $"{f.Name} {f.Version}").ToList();
        return missing.Count == 0 ? null : Refused(
            $"{artifact.EntryPoint} needs {string.Join(" and ", missing)}, which this machine doesn't have {Where}.",
            Remedy.Do(Operation.Deploy, "Install that runtime, or publish it with the app", "--", "--self-contained"));
    }

    private string Where => _dotnetRoot is null ? "(no dotnet was found)" : $"in '{_dotnetRoot}'";

    private static Problem Refused(string message, Remedy remedy) => new(ProblemCode.CannotRunHere, message, remedy);

    /// <summary>
    /// Determines whether a framework is installed by the .NET host's rule: the same major version, and not lower than requested.
    /// </summary>
    private bool IsThere(Framework framework)
    {
        if (_dotnetRoot is null || !TryVersion(framework.Version, out var lowest)) return false;
        var folder = Path.Combine(_dotnetRoot, "shared", framework.Name);
        return Directory.Exists(folder) && Directory.EnumerateDirectories(folder)
            .Any(d => TryVersion(Path.GetFileName(d), out var there) && there.Major == lowest.Major && there >= lowest);
    }

    private static bool TryVersion(string text, out Version version)
    {
        var ok = Version.TryParse(text.Split('-')[0], out var parsed);
        version = parsed ?? new();
        return ok;
    }

    /// <summary>
    /// Returns the runtime identifiers of this machine. On Linux, a program runs if the loader of its C library is installed; a machine may
    /// have both.
    /// </summary>
    private static List<string> ThisMachine()
    {
        var architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        if (OperatingSystem.IsWindows()) return [$"win-{architecture}"];
        if (OperatingSystem.IsMacOS()) return [$"osx-{architecture}"];
        var runs = new List<string>();
        if (Loader("ld-linux-*.so.*")) runs.Add($"linux-{architecture}");
        if (Loader("ld-musl-*.so.1")) runs.Add($"linux-musl-{architecture}");
        return runs is [] ? [$"linux-{architecture}"] : runs;

        static bool Loader(string pattern) =>
            ((string[])["/lib64", "/lib"]).Any(f => Directory.Exists(f) && Directory.EnumerateFiles(f, pattern).Any());
    }
}
