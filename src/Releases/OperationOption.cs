namespace Releases;

/// <summary>
/// Represents an option of an operation, by its name in docs/commands.md. Each user interface has its own form of it, such as a switch, a
/// build property or a field.
/// </summary>
/// <param name="Name">Its name: <c>wait-lock</c>.</param>
public sealed record OperationOption(string Name)
{
    /// <summary>What marks an option among a remedy's arguments, also in records.</summary>
    private const string Mark = "--";

    /// <summary>The app.</summary>
    public static OperationOption App { get; } = new("app");
    /// <summary>The rack.</summary>
    public static OperationOption Rack { get; } = new("rack");
    /// <summary>The output for programs.</summary>
    public static OperationOption Json { get; } = new("json");
    /// <summary>The release to base a new one on.</summary>
    public static OperationOption From { get; } = new("from");
    /// <summary>The release to run a command with.</summary>
    public static OperationOption Release { get; } = new("release");
    /// <summary>The service.</summary>
    public static OperationOption Service { get; } = new("service");
    /// <summary>Everything, not only the latest.</summary>
    public static OperationOption All { get; } = new("all");
    /// <summary>Promotes the release that a change makes.</summary>
    public static OperationOption Promote { get; } = new("promote");
    /// <summary>Promotes without any process.</summary>
    public static OperationOption AllowEmpty { get; } = new("allow-empty");
    /// <summary>How long to wait for a running promotion.</summary>
    public static OperationOption WaitLock { get; } = new("wait-lock");
    /// <summary>Drives the promotion in the caller's process.</summary>
    public static OperationOption Drive { get; } = new("drive");
    /// <summary>Takes the place of a deployment in flight.</summary>
    public static OperationOption Supersede { get; } = new("supersede");
    /// <summary>Does what is refused otherwise: rolls back beyond a limit, or ends a rollback that isn't finished.</summary>
    public static OperationOption Force { get; } = new("force");
    /// <summary>Why an app is locked.</summary>
    public static OperationOption Reason { get; } = new("reason");
    /// <summary>Keeps services running whose records are deleted.</summary>
    public static OperationOption KeepRunning { get; } = new("keep-running");
    /// <summary>Replaces a whole environment, or a whole rack.</summary>
    public static OperationOption Replace { get; } = new("replace");
    /// <summary>Includes the key in a backup.</summary>
    public static OperationOption WithKey { get; } = new("with-key");
    /// <summary>The file to write.</summary>
    public static OperationOption Output { get; } = new("output");
    /// <summary>The format of what a hook sends.</summary>
    public static OperationOption Format { get; } = new("format");
    /// <summary>The events of a hook.</summary>
    public static OperationOption Events { get; } = new("events");
    /// <summary>The file with the token of a hook.</summary>
    public static OperationOption TokenFile { get; } = new("token-file");
    /// <summary>Lets a hook deliver to private networks and without TLS.</summary>
    public static OperationOption AllowPrivate { get; } = new("allow-private");
    /// <summary>How far back to look.</summary>
    public static OperationOption Since { get; } = new("since");
    /// <summary>The port of the metrics.</summary>
    public static OperationOption Port { get; } = new("port");

    /// <summary>Returns the option as one of a remedy's arguments.</summary>
    public static implicit operator string(OperationOption option) => option.ToString();

    /// <summary>Returns the option as one of a remedy's arguments.</summary>
    public override string ToString() => Mark + Name;
}
