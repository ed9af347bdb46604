namespace Releases;

/// <summary>
/// Represents something that a user can do, by its name in docs/commands.md. A user interface that offers it in another way than on the
/// command line, such as a button, identifies it by this.
/// </summary>
/// <param name="Name">The words of its command: <c>env set</c>.</param>
public sealed record Operation(string Name)
{
    /// <summary><c>apps</c></summary>
    public static Operation ListApps { get; } = new("apps") { OfApp = false };
    /// <summary><c>apps create</c></summary>
    public static Operation CreateApp { get; } = new("apps create") { NamesApp = true };
    /// <summary><c>apps delete</c></summary>
    public static Operation DeleteApp { get; } = new("apps delete") { NamesApp = true };
    /// <summary><c>apps info</c></summary>
    public static Operation ShowApp { get; } = new("apps info");
    /// <summary><c>apps lock</c></summary>
    public static Operation LockApp { get; } = new("apps lock");
    /// <summary><c>apps unlock</c></summary>
    public static Operation UnlockApp { get; } = new("apps unlock");
    /// <summary><c>apps retention</c></summary>
    public static Operation ChangeRetention { get; } = new("apps retention");
    /// <summary><c>init</c></summary>
    public static Operation InitializeProject { get; } = new("init") { OfApp = false };
    /// <summary><c>build</c></summary>
    public static Operation Build { get; } = new("build");
    /// <summary><c>builds</c></summary>
    public static Operation ListBuilds { get; } = new("builds");
    /// <summary><c>builds info</c></summary>
    public static Operation ShowBuild { get; } = new("builds info");
    /// <summary><c>builds logs</c></summary>
    public static Operation ShowBuildLog { get; } = new("builds logs");
    /// <summary><c>deploy</c></summary>
    public static Operation Deploy { get; } = new("deploy");
    /// <summary><c>releases</c></summary>
    public static Operation ListReleases { get; } = new("releases");
    /// <summary><c>releases info</c></summary>
    public static Operation ShowRelease { get; } = new("releases info");
    /// <summary><c>releases manifest</c></summary>
    public static Operation ShowManifest { get; } = new("releases manifest");
    /// <summary><c>releases diff</c></summary>
    public static Operation CompareReleases { get; } = new("releases diff");
    /// <summary><c>releases verify</c></summary>
    public static Operation VerifyRelease { get; } = new("releases verify");
    /// <summary><c>releases sbom</c></summary>
    public static Operation PrintSbom { get; } = new("releases sbom");
    /// <summary><c>releases pin</c></summary>
    public static Operation PinRelease { get; } = new("releases pin");
    /// <summary><c>releases unpin</c></summary>
    public static Operation UnpinRelease { get; } = new("releases unpin");
    /// <summary><c>releases prune</c></summary>
    public static Operation PruneReleases { get; } = new("releases prune");
    /// <summary><c>releases copy</c></summary>
    public static Operation CopyRelease { get; } = new("releases copy");
    /// <summary><c>releases export</c></summary>
    public static Operation ExportRelease { get; } = new("releases export");
    /// <summary><c>releases import</c></summary>
    public static Operation ImportRelease { get; } = new("releases import");
    /// <summary><c>promote</c></summary>
    public static Operation Promote { get; } = new("promote");
    /// <summary><c>rollback</c></summary>
    public static Operation RollBack { get; } = new("rollback");
    /// <summary><c>restart</c></summary>
    public static Operation Restart { get; } = new("restart");
    /// <summary><c>cancel</c></summary>
    public static Operation CancelPromotion { get; } = new("cancel");
    /// <summary><c>approve</c></summary>
    public static Operation ApprovePromotion { get; } = new("approve");
    /// <summary><c>hooks</c></summary>
    public static Operation ListHooks { get; } = new("hooks");
    /// <summary><c>hooks add</c></summary>
    public static Operation AddHook { get; } = new("hooks add");
    /// <summary><c>hooks info</c></summary>
    public static Operation ShowHook { get; } = new("hooks info");
    /// <summary><c>hooks test</c></summary>
    public static Operation TestHook { get; } = new("hooks test");
    /// <summary><c>hooks remove</c></summary>
    public static Operation RemoveHook { get; } = new("hooks remove");
    /// <summary><c>watch</c></summary>
    public static Operation WatchPromotion { get; } = new("watch");
    /// <summary><c>promotions</c></summary>
    public static Operation ListPromotions { get; } = new("promotions");
    /// <summary><c>promotions info</c></summary>
    public static Operation ShowPromotion { get; } = new("promotions info");
    /// <summary><c>env</c></summary>
    public static Operation ShowEnvironment { get; } = new("env");
    /// <summary><c>env get</c></summary>
    public static Operation GetVariable { get; } = new("env get");
    /// <summary><c>env set</c></summary>
    public static Operation SetEnvironment { get; } = new("env set");
    /// <summary><c>env unset</c></summary>
    public static Operation UnsetEnvironment { get; } = new("env unset");
    /// <summary><c>env edit</c></summary>
    public static Operation EditEnvironment { get; } = new("env edit");
    /// <summary><c>scale</c></summary>
    public static Operation Scale { get; } = new("scale");
    /// <summary><c>services</c></summary>
    public static Operation ListServices { get; } = new("services");
    /// <summary><c>ps</c></summary>
    public static Operation ListProcesses { get; } = new("ps");
    /// <summary><c>logs</c></summary>
    public static Operation ShowLogs { get; } = new("logs");
    /// <summary><c>run</c></summary>
    public static Operation Run { get; } = new("run");
    /// <summary><c>exec</c></summary>
    public static Operation Exec { get; } = new("exec");
    /// <summary><c>events</c></summary>
    public static Operation ListEvents { get; } = new("events");
    /// <summary><c>console</c></summary>
    public static Operation OpenConsole { get; } = new("console") { OfApp = false };
    /// <summary><c>rack status</c></summary>
    public static Operation ShowRack { get; } = new("rack status") { OfApp = false };
    /// <summary><c>rack start</c></summary>
    public static Operation StartRack { get; } = new("rack start") { OfApp = false };
    /// <summary><c>rack stop</c></summary>
    public static Operation StopRack { get; } = new("rack stop") { OfApp = false };
    /// <summary><c>rack restart</c></summary>
    public static Operation RestartRack { get; } = new("rack restart") { OfApp = false };
    /// <summary><c>rack metrics</c></summary>
    public static Operation ServeMetrics { get; } = new("rack metrics") { OfApp = false };
    /// <summary><c>rack init</c></summary>
    public static Operation InitializeRack { get; } = new("rack init") { OfApp = false };
    /// <summary><c>rack check</c></summary>
    public static Operation CheckRack { get; } = new("rack check") { OfApp = false };
    /// <summary><c>apps template</c></summary>
    public static Operation PrintAppTemplate { get; } = new("apps template");
    /// <summary><c>rack template</c></summary>
    public static Operation PrintRackTemplate { get; } = new("rack template") { OfApp = false };

    /// <summary>All operations.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        ListApps, CreateApp, DeleteApp, ShowApp, LockApp, UnlockApp, ChangeRetention,
        InitializeProject, Build, ListBuilds, ShowBuild, ShowBuildLog, Deploy,
        ListReleases, ShowRelease, ShowManifest, CompareReleases, VerifyRelease, PrintSbom, PinRelease, UnpinRelease, PruneReleases,
        CopyRelease, ExportRelease, ImportRelease, Promote, RollBack,
        Restart, CancelPromotion, ApprovePromotion, WatchPromotion, ListPromotions, ShowPromotion, ShowEnvironment,
        ListHooks, AddHook, ShowHook, TestHook, RemoveHook,
        GetVariable, SetEnvironment, UnsetEnvironment, EditEnvironment, Scale, ListServices,
        ListProcesses, ShowLogs, Run, Exec, ListEvents, OpenConsole, ShowRack,
        StartRack, StopRack, RestartRack, ServeMetrics, InitializeRack, CheckRack, PrintAppTemplate, PrintRackTemplate,
    ];

    /// <summary>Whether it applies to one app.</summary>
    public bool OfApp { get; private init; } = true;

    /// <summary>Whether its first argument is the app.</summary>
    public bool NamesApp { get; private init; }
}
