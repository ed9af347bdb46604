using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Checks whether this machine can run an artifact: its operating system, C library and shared frameworks.</summary>
internal sealed class MachineCheck
{
    private readonly IReadOnlyList<string> _runtimeIdentifiers;
    private readonly Func<string?> _dotnetRoot;

    /// <summary>Creates a check for this machine.</summary>
    public MachineCheck() : this(ThisMachine(), DotnetRoot.Find)
    {
    }

    /// <summary>
    /// Creates a check for a machine that runs these runtime identifiers and has its shared frameworks under this root, if it has one by
    /// then.
    /// </summary>
    internal MachineCheck(IReadOnlyList<string> runtimeIdentifiers, Func<string?> dotnetRoot) =>
        (_runtimeIdentifiers, _dotnetRoot) = (runtimeIdentifiers, dotnetRoot);

    /// <summary>Returns why the machine can't run the artifact, or null if it can.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="environment">The variables of the process, which the .NET host reads too.</param>
    public Problem? CanRun(Artifact artifact, IReadOnlyDictionary<string, string> environment)
    {
        if (artifact.RuntimeIdentifiers is { Count: > 0 } made && !made.Any(r => r == "any" || _runtimeIdentifiers.Contains(r)))
        {
            return Refused(
                $"{artifact.EntryPoint} was published for {string.Join(", ", made)}, but this machine runs "
                    + $"{string.Join(", ", _runtimeIdentifiers)}.",
                Remedy.Do(Operation.Deploy, "Publish it for this machine", "--", "-r", _runtimeIdentifiers[0]));
        }

        var root = environment.GetValueOrDefault("DOTNET_ROOT") is { Length: > 0 } stated ? stated : _dotnetRoot();
        var policy = environment.GetValueOrDefault("DOTNET_ROLL_FORWARD") is { Length: > 0 } asked ? asked : artifact.RollForward;
        var missing = artifact.Frameworks.Where(f => !IsThere(f, root, policy)).Select(f => $"{f.Name} {f.Version}").ToList();
        return missing.Count == 0 ? null : Refused(
            $"{artifact.EntryPoint} needs {string.Join(" and ", missing)}, which this machine doesn't have "
                + $"{(root is null ? "(no dotnet was found)" : $"in '{root}'")}.",
            Remedy.Do(Operation.Deploy, "Install that runtime, or publish it with the app", "--", "--self-contained"));
    }

    private static Problem Refused(string message, Remedy remedy) => new(ProblemCode.CannotRunHere, message, remedy);

    /// <summary>
    /// Determines whether a version of the framework is installed that the .NET host would choose: not lower than requested, and as its
    /// roll-forward policy allows (learn.microsoft.com/dotnet/core/versions/selection).
    /// </summary>
    private static bool IsThere(Framework framework, string? root, string? policy)
    {
        if (root is null || !TryVersion(framework.Version, out var lowest)) return false;
        var folder = Path.Combine(root, "shared", framework.Name);
        return Directory.Exists(folder) && Directory.EnumerateDirectories(folder)
            .Any(d => TryVersion(Path.GetFileName(d), out var there) && there >= lowest && IsAllowed(there, lowest, policy));
    }

    private static bool IsAllowed(Version there, Version lowest, string? policy) => policy?.ToUpperInvariant() switch
    {
        "MAJOR" or "LATESTMAJOR" => true,
        "LATESTPATCH" => (there.Major, there.Minor) == (lowest.Major, lowest.Minor),
        "DISABLE" => there == lowest,
        _ => there.Major == lowest.Major,
    };

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
