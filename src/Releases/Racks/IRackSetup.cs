namespace Releases;

/// <summary>What a kind of rack stands on: makes it, checks what the caller may do there, and describes it for other tools.</summary>
public interface IRackSetup
{
    /// <summary>A CloudFormation template of all of it.</summary>
    string Template { get; }

    /// <summary>A CloudFormation template of what an app's services need there. Fails with what no template can have.</summary>
    /// <param name="app">The app.</param>
    /// <param name="manifest">Its services.</param>
    /// <param name="address">The rack that it is for; null: any of this kind.</param>
    AppTemplate TemplateOf(AppName app, Manifest manifest, RackAddress? address);

    /// <summary>Makes what is missing. Fails with what keeps it from that; what was made stays.</summary>
    /// <param name="address">The rack.</param>
    /// <param name="time">The clock.</param>
    /// <param name="note">Takes a line for each part: it was there, or it was made.</param>
    /// <param name="cancel">Ends it.</param>
    Task Init(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel);

    /// <summary>Where an image of the rack's agent is pushed, made where it is missing.</summary>
    /// <param name="address">The rack.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends it.</param>
    Task<PushTarget> AgentImageTarget(RackAddress address, TimeProvider time, CancellationToken cancel);

    /// <summary>Finds out what the caller may do; changes nothing.</summary>
    /// <param name="address">The rack.</param>
    /// <param name="app">The app whose services are meant as well, where the rack has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends it.</param>
    Task<RackCheck> Check(RackAddress address, AppName app, TimeProvider time, CancellationToken cancel);
}

/// <summary>A template, and what of the manifest it doesn't have.</summary>
/// <param name="Text">The template.</param>
/// <param name="Warnings">A sentence for each key that has no effect there.</param>
public sealed record AppTemplate(string Text, IReadOnlyList<string> Warnings);

/// <summary>What the caller may do.</summary>
/// <param name="Findings">Each permission.</param>
/// <param name="Scope">A sentence on what was asked about, and what wasn't.</param>
public sealed record RackCheck(IReadOnlyList<RackFinding> Findings, string Scope);

/// <summary>What came of one try.</summary>
/// <param name="Action">The permission that it needs, as the rack's provider names it.</param>
/// <param name="What">What it was tried on.</param>
/// <param name="Wrong">What is wrong; null: nothing.</param>
public sealed record RackFinding(string Action, string What, string? Wrong);
