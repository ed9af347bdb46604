using Microsoft.Build.Framework;

namespace Releases.Tasks;

/// <summary>Provides a base class for tasks about the project that is being published.</summary>
public abstract class PublishTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the publish output; empty before publishing.</summary>
    public string PublishDirectory { get; set; } = "";

    /// <summary>Gets or sets the name of the program, without extension.</summary>
    [Required]
    public string AssemblyName { get; set; } = "";

    /// <summary>Gets or sets <c>true</c> for the Web SDK.</summary>
    public string? IsWeb { get; set; }

    /// <summary>Gets or sets <c>ConvoxApp</c>.</summary>
    public string? App { get; set; }

    /// <summary>Gets or sets <c>ConvoxRack</c>.</summary>
    public string? Rack { get; set; }

    /// <summary>Gets or sets <c>ConvoxService</c>.</summary>
    public string? Service { get; set; }

    /// <summary>Gets or sets <c>ConvoxDescription</c>.</summary>
    public string? Description { get; set; }

    /// <summary>Gets or sets <c>ConvoxFrom</c>.</summary>
    public string? From { get; set; }

    /// <summary>Gets or sets the version of the SDK.</summary>
    public string? Sdk { get; set; }

    /// <summary>Gets or sets the file with the dependencies of a program that has no <c>.deps.json</c> beside it.</summary>
    public string? DependenciesFile { get; set; }

    /// <summary>Gets or sets the build's <c>.runtimeconfig.json</c>, because that of a single-file program is inside it.</summary>
    public string? RuntimeConfigFile { get; set; }

    private protected RemedyText Remedies => RemediesFor(App, Rack);

    private protected CancellationToken Cancelled => _cancel.Token;

    /// <inheritdoc/>
    public void Cancel() => _cancel.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override bool Execute() => Log.Run(ProjectFile, Remedies, () => Do().GetAwaiter().GetResult());

    internal static RemedyText RemediesFor(string? app, string? rack) => new(Stated(app), Stated(rack)) { Change = PropertyText.Of };

    /// <summary>Releases the task's resources.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _cancel.Dispose();
    }

    private protected abstract Task Do();

    private protected AppSettings Settings() => AppSettings.Resolve(
        Path.GetDirectoryName(ProjectFile)!, Property(App, nameof(App)), Property(Rack, nameof(Rack)),
        Environment.GetEnvironmentVariable, KnownRacks.All);

    private protected Task<Rack> OpenRack(AppSettings settings) =>
        settings.Rack.Kind.Open(settings.Rack, TimeProvider.System, _ => { }, Cancelled);

    private protected OperationContext Operations(Rack rack) =>
        new(rack, TimeProvider.System, cancel => Actor.On(rack, cancel), new BuildNotes(Log));

    private protected BuildRequest Request(AppSettings settings, AppSource source, string by) => new(
        settings.App, settings.Folder,
        [new(new(ProjectFile, Stated(Service) is { } name ? ServiceName.Parse(name) : null, IsTrue(IsWeb)), PublishDirectory, AssemblyName)
            { DependenciesFile = Stated(DependenciesFile), RuntimeConfigFile = Stated(RuntimeConfigFile) }],
        Stated(Description), Stated(From), by)
    {
        Source = source,
        Sdk = Stated(Sdk),
        Run = CiRun.Address(Environment.GetEnvironmentVariable),
        IsAppStated = settings.IsAppStated,
    };

    /// <summary>Returns where the image of the project goes; null on a rack that stores publish folders.</summary>
    private protected async Task<PushTarget?> Target(Rack rack, AppSettings settings, BuildRequest request) =>
        await rack.Artifacts.ImageTarget(
            settings.App, await new CreateRelease(rack, TimeProvider.System).ServiceOf(request, Cancelled), Cancelled);

    /// <summary>Sets the login that the SDK's container support reads.</summary>
    private protected static void SignIn(PushTarget target)
    {
        Environment.SetEnvironmentVariable(PushTarget.UserVariable, target.User);
        Environment.SetEnvironmentVariable(PushTarget.PasswordVariable, target.Password);
    }

    private protected static Task<AppSource> SourceOf(AppSettings settings, CancellationToken cancel) =>
        GitRemote.SourceOf(settings.Folder, Environment.GetEnvironmentVariable, cancel);

    private protected static bool IsTrue(string? property) => string.Equals(property, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the value of an MSBuild property, or null if it is empty, which means not set.</summary>
    private protected static string? Stated(string? property) => string.IsNullOrWhiteSpace(property) ? null : property.Trim();

    private static Setting? Property(string? property, string name) => Stated(property) is { } value ? new(value, $"Convox{name}") : null;
}
