using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// Represents the arguments after <c>--</c>: options of MSBuild, and options of <c>dotnet publish</c> that MSBuild itself doesn't know.
/// </summary>
/// <param name="MsBuild">The arguments for MSBuild.</param>
/// <param name="Framework">The target framework for projects that have several, or null if none was passed.</param>
/// <param name="Output">The folder that also receives the only program, as typed, or null if none was passed.</param>
internal sealed record PublishArguments(IReadOnlyList<string> MsBuild, string? Framework = null, string? Output = null)
{
    private const string DefinesRuntime = "-p:_CommandLineDefinedRuntimeIdentifier=true";
    private const string DefinesSelfContained = "-p:_CommandLineDefinedSelfContained=true";

    /// <summary>The options that take a value, by each of their names in <c>dotnet publish</c>, and what MSBuild gets for them.</summary>
    private static readonly Dictionary<string, Func<string, string[]>> Valued = new(StringComparer.Ordinal)
    {
        ["-r"] = Runtime,
        ["--runtime"] = Runtime,
        ["-c"] = value => [$"-p:Configuration={value}"],
        ["--configuration"] = value => [$"-p:Configuration={value}"],
        ["--version-suffix"] = value => [$"-p:VersionSuffix={value}"],
        ["--manifest"] = value => [$"-p:TargetManifestFiles={BuildFolder.Escaped(Path.GetFullPath(value))}"],
        ["--artifacts-path"] = value => [$"-p:ArtifactsPath={BuildFolder.Escaped(Path.GetFullPath(value))}"],
        ["-v"] = value => [$"-v:{value}"],
        ["--verbosity"] = value => [$"-v:{value}"],
        ["--sc"] = SelfContained,
        ["--self-contained"] = SelfContained,
        ["--property"] = value => [$"-p:{value}"],
        ["-p"] = value => [$"-p:{value}"],
    };

    /// <summary>The options that take no value.</summary>
    private static readonly Dictionary<string, string[]> Plain = new(StringComparer.Ordinal)
    {
        ["--sc"] = SelfContained("true"),
        ["--self-contained"] = SelfContained("true"),
        ["--no-self-contained"] = SelfContained("false"),
        ["--no-dependencies"] = ["-p:BuildProjectReferences=false"],
        ["--no-build"] = ["-p:NoBuild=true"],
        ["--ucr"] = ["-p:UseCurrentRuntimeIdentifier=true"],
        ["--use-current-runtime"] = ["-p:UseCurrentRuntimeIdentifier=true"],
        ["--force"] = ["-p:RestoreForce=true"],
        ["--no-cache"] = ["-p:RestoreNoCache=true"],
        ["--ignore-failed-sources"] = ["-p:RestoreIgnoreFailedSources=true"],
        ["--disable-build-servers"] = ["-nodeReuse:false", "-p:UseRazorBuildServer=false", "-p:UseSharedCompilation=false"],
        ["--no-restore"] = ["-p:ConvoxRestore=false"],
        ["--nologo"] = [],
        ["--interactive"] = ["-p:NuGetInteractive=true"],
    };

    /// <summary>The options with which MSBuild prints something instead of building.</summary>
    private static readonly string[] BuildNothing =
        ["?", "h", "help", "version", "ver", "pp", "preprocess", "ts", "targets", "getproperty", "getitem", "gettargetresult"];

    /// <summary>The names of MSBuild's option that replaces the target.</summary>
    private static readonly string[] OtherTarget = ["t", "target"];

    /// <summary>Parses the typed arguments. Fails on words that aren't options.</summary>
    public static PublishArguments Read(IReadOnlyList<string> typed)
    {
        var (msbuild, framework, output, system, architecture) = (new List<string>(), (string?)null, (string?)null,
            (string?)null, (string?)null);
        var sources = new List<string>();
        for (var at = 0; at < typed.Count; at++)
        {
            var (name, value) = Split(typed[at]);
            var next = value ?? (at + 1 < typed.Count && !IsOption(typed[at + 1]) ? typed[at + 1] : null);
            var option = MsBuildOption(typed[at]);
            if (BuildNothing.Contains(option)) throw Usage($"{typed[at]} builds nothing, so nothing was built.");
            if (OtherTarget.Contains(option))
                throw Usage($"{typed[at]} can't be used: a release is always made by the target Publish. Nothing was built.");
            if (Property(typed[at], "TargetFramework") is { } named) framework = named;
            else if (name is "-f" or "--framework") framework = Take();
            else if (name is "-o" or "--output") output = Take();
            else if (name is "-s" or "--source") sources.Add(BuildFolder.Escaped(Take()));
            else if (name is "--os") system = Take();
            else if (name is "-a" or "--arch") architecture = Take();
            else if (Valued.TryGetValue(name, out var valued) && (next is not null || !Plain.ContainsKey(name))
                && !(value is null && IsSwitch(name, next))) msbuild.AddRange(valued(Take()));
            else if (Plain.TryGetValue(name, out var plain)) msbuild.AddRange(plain);
            else if (typed[at] is ['-' or '/', _, ..]) msbuild.Add(typed[at]);
            else throw Usage($"'{typed[at]}' is one argument too many; only options of dotnet publish and MSBuild follow --.");

            string Take()
            {
                if (next is null) throw Usage($"{typed[at]} needs a value.");
                if (value is null) at++;
                return next;
            }
        }

        // Of a property that is set twice, MSBuild takes the last value.
        if (sources.Count > 0) msbuild.Add($"-p:RestoreSources={string.Join("%3B", sources)}");
        if (system is not null || architecture is not null) msbuild.AddRange(
            Runtime($"{system ?? ThisSystem()}-{architecture?.Replace("amd64", "x64", StringComparison.Ordinal) ?? ThisArchitecture()}"));
        return new(msbuild, framework, output);
    }

    private static string[] Runtime(string value) => [$"-p:RuntimeIdentifier={value}", DefinesRuntime];

    private static string[] SelfContained(string value) => [$"-p:SelfContained={value}", DefinesSelfContained];

    /// <summary>Determines whether a word is an option. MSBuild's options may begin with a slash, and so do paths on Unix.</summary>
    private static bool IsOption(
        string word) => word is ['-', _, ..] || (word is ['/', _, ..] && word.Contains(':', StringComparison.Ordinal))
            || (OperatingSystem.IsWindows() && word is ['/', _, ..]);

    /// <summary>Determines whether an option was passed without its value, which is optional and either true or false.</summary>
    private static bool IsSwitch(string name, string? next) => name is "--sc" or "--self-contained" && !bool.TryParse(next, out _);

    /// <summary>
    /// Splits <c>-r:linux-x64</c> and <c>--runtime=linux-x64</c> into name and value; in <c>-p:A=B</c> everything after the colon is the
    /// value.
    /// </summary>
    private static (string Name, string? Value) Split(string word)
    {
        var at = word.IndexOfAny(word.StartsWith("-p:", StringComparison.Ordinal)
            || word.StartsWith("--property:", StringComparison.Ordinal) ? [':'] : [':', '=']);
        return at > 0 && IsOption(word) && word[0] == '-' ? (word[..at], word[(at + 1)..]) : (word, null);
    }

    /// <summary>
    /// Returns the name of an option as MSBuild reads it: with one or two hyphens or a slash, in any case, before a colon.
    /// </summary>
    public static string? MsBuildOption(string word) =>
        IsOption(word) || word is ['/', ..] ? word.TrimStart('-', '/').Split(':', '=')[0].ToLowerInvariant() : null;

    private static string? Property(string word, string name) => ((string[])["-p:", "/p:", "-property:", "/property:", "--property:"])
        .Where(p => word.StartsWith($"{p}{name}=", StringComparison.OrdinalIgnoreCase))
        .Select(p => word[(p.Length + name.Length + 1)..]).FirstOrDefault();

    private static string ThisSystem() => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    private static string ThisArchitecture() => RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static ProblemException Usage(string message) =>
        new Problem(ProblemCode.Usage, message, "See: dotnet convox build --help", ProblemKind.Usage).ToException();
}
