namespace Releases;

/// <summary>
/// Creates the resources that a kind of rack requires, checks the caller's permissions on them, and describes them for other tools.
/// </summary>
public interface IRackSetup
{
    /// <summary>A template of all the resources, for the tool that manages them.</summary>
    string Template { get; }

    /// <summary>
    /// Returns a template of the resources that an app's services need. Fails if the manifest has something that a template
    /// can't express.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="manifest">The manifest with its services.</param>
    /// <param name="address">The rack that it is for, or null for any of this kind.</param>
    AppTemplate TemplateOf(AppName app, Manifest manifest, RackAddress? address);

    /// <summary>Creates the missing resources. Fails with the problem that prevents it; resources that were created stay.</summary>
    /// <param name="address">The address of the rack.</param>
    /// <param name="time">The clock.</param>
    /// <param name="note">Receives a line for each resource: whether it existed or was created.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task Init(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel);

    /// <summary>Returns where to push an image of the rack's agent, creating the repository if needed.</summary>
    /// <param name="address">The address of the rack.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<PushTarget> AgentImageTarget(RackAddress address, TimeProvider time, CancellationToken cancel);

    /// <summary>Checks the caller's permissions; changes nothing.</summary>
    /// <param name="address">The address of the rack.</param>
    /// <param name="app">The app whose services are checked as well.</param>
    /// <param name="manifest">The manifest with its services, used while the rack has no release of the app; null if there is none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the check.</param>
    Task<RackCheck> Check(RackAddress address, AppName app, Manifest? manifest, TimeProvider time, CancellationToken cancel);
}

/// <summary>Represents a template, and what it leaves out of the manifest.</summary>
/// <param name="Text">The template.</param>
/// <param name="Warnings">A sentence for each key that has no effect in it.</param>
public sealed record AppTemplate(string Text, IReadOnlyList<string> Warnings);

/// <summary>Represents the caller's permissions.</summary>
/// <param name="Findings">The result for each permission.</param>
/// <param name="Scope">A sentence on what was checked, and what wasn't.</param>
public sealed record RackCheck(IReadOnlyList<RackFinding> Findings, string Scope);

/// <summary>Represents the result of one check.</summary>
/// <param name="Action">The required permission, as the rack's provider names it.</param>
/// <param name="What">The resource that was checked.</param>
/// <param name="Wrong">What is wrong, or null if nothing is.</param>
public sealed record RackFinding(string Action, string What, string? Wrong);
