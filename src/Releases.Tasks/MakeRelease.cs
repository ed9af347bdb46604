using Microsoft.Build.Framework;
using Releases.Local;

namespace Releases.Tasks;

/// <summary>Makes a build and a release of what was just published.</summary>
public sealed class MakeRelease : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>The project, absolute.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>What was published, absolute.</summary>
    [Required]
    public string PublishDirectory { get; set; } = "";

    /// <summary>The name of the program without extension.</summary>
    [Required]
    public string AssemblyName { get; set; } = "";

    /// <summary>Where to leave what was made, absolute.</summary>
    [Required]
    public string ResultFile { get; set; } = "";

    /// <summary><c>true</c> for the Web SDK.</summary>
    public string? IsWeb { get; set; }

    /// <summary><c>ConvoxApp</c>.</summary>
    public string? App { get; set; }

    /// <summary><c>ConvoxRack</c>.</summary>
    public string? Rack { get; set; }

    /// <summary><c>ConvoxService</c>.</summary>
    public string? Service { get; set; }

    /// <summary><c>ConvoxDescription</c>.</summary>
    public string? Description { get; set; }

    /// <summary><c>ConvoxFrom</c>.</summary>
    public string? From { get; set; }

    /// <summary><c>true</c> when the release is promoted next, so that nobody has to be told how.</summary>
    public string? ThenPromote { get; set; }

    /// <summary>The release's id.</summary>
    [Output]
    public string? ReleaseId { get; set; }

    /// <summary>The build's id.</summary>
    [Output]
    public string? BuildId { get; set; }

    /// <summary>The app that the release was made for.</summary>
    [Output]
    public string? ResolvedApp { get; set; }

    /// <summary>The rack that the release was made in.</summary>
    [Output]
    public string? ResolvedRack { get; set; }

    /// <inheritdoc/>
    public void Cancel() => _cancel.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, () => Make().GetAwaiter().GetResult());

    private async Task Make()
    {
        var settings = AppSettings.Resolve(
            Path.GetDirectoryName(ProjectFile)!, Told(App, nameof(App)), Told(Rack, nameof(Rack)), Environment.GetEnvironmentVariable);
        await using var rack = Open(settings.Rack);
        var created = await new CreateRelease(rack, TimeProvider.System).FromBuild(
            new(settings.App, settings.Folder, Stated(Service) is { } name ? ServiceName.Parse(name) : null, ProjectFile,
                string.Equals(IsWeb, "true", StringComparison.OrdinalIgnoreCase), PublishDirectory, AssemblyName,
                Stated(Description), Stated(From), Actor.Current()),
            _cancel.Token);

        foreach (var warning in created.Warnings) Log.LogFinding(warning);
        if (created.Note is { } note) Log.LogMessage(MessageImportance.Normal, "{0}", note);
        ReleaseId = created.Release.Id.ToString();
        BuildId = created.Build?.Id.ToString();
        ResolvedApp = settings.App.ToString();
        ResolvedRack = rack.Address;
        await ReleaseOutput.Write(ResultFile, created, rack.Address, _cancel.Token);
        await ReleaseOutput.TellGitHub(created, TimeProvider.System, _cancel.Token);
        Log.LogMessage(MessageImportance.High, "{0}", LastLine(created));
    }

    /// <summary>The terminal logger shows, of all messages, the last one of this form.</summary>
    private string LastLine(CreatedRelease created)
    {
        var description = created.Release.Description is { Length: > 0 } text ? $" ({text})" : "";
        var line = $"{Path.GetFileNameWithoutExtension(ProjectFile)} -> release {created.Release.Id}{description}";
        if (string.Equals(ThenPromote, "true", StringComparison.OrdinalIgnoreCase)) return line;
        var elsewhere = (Stated(App) is { } app ? $" --app {app}" : "") + (Stated(Rack) is { } rack ? $" --rack {rack}" : "");
        return $"{line}; promote it with: dotnet convox promote {created.Release.Id}{elsewhere}";
    }

    private static LocalRack Open(RackAddress address) => address switch
    {
        RackAddress.OnThisMachine local => LocalRack.Open(
            local.Folder is { } folder ? new LocalHome(folder) : LocalHome.Default(), local.ToString(), TimeProvider.System),
        _ => throw new Problem(
            ProblemCode.NotSupported, $"This version has no rack such as {address}; the publish itself is done, and nothing was released.",
            "Use the rack on this machine: -p:ConvoxRack=local").ToException(),
    };

    private static Setting? Told(string? property, string name) => Stated(property) is { } value ? new(value, $"Convox{name}") : null;

    /// <summary>An MSBuild property that is not set is empty.</summary>
    private static string? Stated(string? property) => string.IsNullOrWhiteSpace(property) ? null : property.Trim();
}
