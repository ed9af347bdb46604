namespace Releases;

/// <summary>
/// Defines the stable codes of expected failures; docs/errors.md lists each with cause and remedy. A rack declares those that only it has.
/// </summary>
public static class ProblemCode
{
    /// <summary>A name or an id isn't well formed.</summary>
    public const string IllegalName = "CONVOX0001";

    /// <summary>convox.yml is malformed, or has an unknown key or value.</summary>
    public const string Manifest = "CONVOX0002";

    /// <summary>The rack has no such app.</summary>
    public const string NoSuchApp = "CONVOX0003";

    /// <summary>The app has no such release.</summary>
    public const string NoSuchRelease = "CONVOX0004";

    /// <summary>The environment is too large, or a key or value isn't allowed.</summary>
    public const string Environment = "CONVOX0005";

    /// <summary>The rack was written by a newer version.</summary>
    public const string NewerFormat = "CONVOX0006";

    /// <summary>The rack's database, or the file of its ports, can't be read.</summary>
    public const string DamagedStore = "CONVOX0007";

    /// <summary>A stored artifact is missing, or isn't what was stored.</summary>
    public const string DamagedArtifact = "CONVOX0008";

    /// <summary>The rack's home can't be written to.</summary>
    public const string HomeNotWritable = "CONVOX0009";

    /// <summary>The disk is full.</summary>
    public const string DiskFull = "CONVOX0010";

    /// <summary>A port is in use by another program.</summary>
    public const string PortInUse = "CONVOX0011";

    /// <summary>Another promotion of the app is running.</summary>
    public const string Busy = "CONVOX0012";

    /// <summary>A service of the release has no artifact.</summary>
    public const string Incomplete = "CONVOX0013";

    /// <summary>Required environment variables are missing.</summary>
    public const string RequiredEnvironment = "CONVOX0014";

    /// <summary>The machine can't run an artifact.</summary>
    public const string CannotRunHere = "CONVOX0015";

    /// <summary>The rack's daemon doesn't start or doesn't respond.</summary>
    public const string Daemon = "CONVOX0016";

    /// <summary>The service already belongs to another project.</summary>
    public const string ProjectConflict = "CONVOX0017";

    /// <summary>There is no publish output to release.</summary>
    public const string NoPublishOutput = "CONVOX0018";

    /// <summary>The tool that promotes can't be found.</summary>
    public const string ToolNotFound = "CONVOX0019";

    /// <summary>The rack or the operating system doesn't support the operation.</summary>
    public const string NotSupported = "CONVOX0020";

    /// <summary>The address of a rack isn't well formed.</summary>
    public const string RackAddress = "CONVOX0021";

    /// <summary>The app already exists.</summary>
    public const string AppExists = "CONVOX0022";

    /// <summary>The app has no such build, promotion, service or variable.</summary>
    public const string NotFound = "CONVOX0023";

    /// <summary>
    /// The promotion failed or was cancelled, and the previous release is live; or it ended before it touched any process.
    /// </summary>
    public const string PromotionFailed = "CONVOX0024";

    /// <summary>The promotion needs manual action.</summary>
    public const string Stuck = "CONVOX0025";

    /// <summary>Another driver has taken over this promotion.</summary>
    public const string Fenced = "CONVOX0026";

    /// <summary>The git repository can't be read.</summary>
    public const string Git = "CONVOX0027";

    /// <summary>A key of the vault is missing, or doesn't open what was sealed.</summary>
    public const string Vault = "CONVOX0028";

    /// <summary>The latest and the active release differ, and the command needs to know which one to use.</summary>
    public const string ChooseBase = "CONVOX0029";

    /// <summary>The store was busy for longer than a command waits.</summary>
    public const string StoreBusy = "CONVOX0030";

    /// <summary>There is nothing on which the operation could act.</summary>
    public const string Nothing = "CONVOX0031";

    /// <summary>The command line is wrong.</summary>
    public const string Usage = "CONVOX0032";

    /// <summary>The operation would harm a running app.</summary>
    public const string InUse = "CONVOX0033";

    /// <summary>Standard output doesn't accept what a command prints.</summary>
    public const string OutputLost = "CONVOX0034";

    /// <summary>The rack hasn't been created.</summary>
    public const string NoRack = "CONVOX0035";

    /// <summary>The rack can't be reached; a retry may succeed.</summary>
    public const string Unreachable = "CONVOX0037";

    /// <summary>The editor failed.</summary>
    public const string Editor = "CONVOX0039";

    /// <summary>Someone else made a conflicting change in the meantime.</summary>
    public const string ChangedMeanwhile = "CONVOX0040";

    /// <summary>The app is locked.</summary>
    public const string AppLocked = "CONVOX0041";

    /// <summary>A project of the app doesn't build, or its projects can't be determined.</summary>
    public const string BuildFailed = "CONVOX0042";

    /// <summary>The console rejects the request.</summary>
    public const string ConsoleRefused = "CONVOX0043";

    /// <summary>A process of the local rack can't get a port of its own.</summary>
    public const string ProcessPorts = "CONVOX0044";

    /// <summary>A promotion was started, and can't be followed any longer.</summary>
    public const string NotFollowed = "CONVOX0045";

    /// <summary>A service that the rack relies on is temporarily unavailable: it throttles, fails, or sends unreadable responses.</summary>
    public const string Unavailable = "CONVOX0046";

    /// <summary>It is unclear which of a folder's projects make up the app, so the caller has to choose.</summary>
    public const string Unclear = "CONVOX0047";

    /// <summary>A variable that convox.yml refers to can't be resolved.</summary>
    public const string Unresolvable = "CONVOX0048";

    /// <summary>The router settings of the local rack can't be read.</summary>
    public const string RouterSettings = "CONVOX0049";

    /// <summary>There is no folder for temporary files.</summary>
    public const string TemporaryFolder = "CONVOX0051";

    /// <summary>A file that a release is exported to or imported from can't be used.</summary>
    public const string ReleaseFile = "CONVOX0060";

    /// <summary>The artifacts of the release were removed by retention.</summary>
    public const string Pruned = "CONVOX0061";

    /// <summary>A backup can't be written or restored.</summary>
    public const string Backup = "CONVOX0063";

    /// <summary>The evidence of a release can't be collected or read.</summary>
    public const string Evidence = "CONVOX0065";

    /// <summary>A hook's receiver rejects what is sent.</summary>
    public const string HookNotDelivered = "CONVOX0070";

    /// <summary>The console already runs the maximum number of one-off commands.</summary>
    public const string TooManyRuns = "CONVOX0071";

    /// <summary>The console's certificate or its key can't be read, or don't belong together.</summary>
    public const string Certificate = "CONVOX0072";

    /// <summary>The SDK can't build or push an image of the agent.</summary>
    public const string AgentImage = "CONVOX0073";

    /// <summary>The active release states that older ones no longer work.</summary>
    public const string BreaksBefore = "CONVOX0062";

    /// <summary>The secret that new tasks of the active release need at start is missing.</summary>
    public const string SecretMissing = "CONVOX0077";

    /// <summary>A bug or an I/O error; the message has the details.</summary>
    public const string Unexpected = "CONVOX0099";
}
