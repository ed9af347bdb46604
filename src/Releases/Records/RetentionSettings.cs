namespace Releases;

/// <summary>Represents how long an app's releases keep their artifacts. A release loses them only when it exceeds both limits.</summary>
/// <param name="Keep">The number of newest releases that keep them.</param>
/// <param name="Days">The number of days after its creation during which a release keeps them.</param>
public sealed record RetentionSettings(int Keep, int Days) : Extensible
{
    /// <summary>The settings of a new app.</summary>
    public static RetentionSettings Default { get; } = new(30, 90);

    /// <summary>Returns the settings. Fails with <see cref="ProblemCode.Usage"/> unless they keep at least one release.</summary>
    public RetentionSettings Checked() => Keep >= 1 && Days >= 0 ? this : throw new Problem(
        ProblemCode.Usage, "retention keeps at least 1 release, and 0 or more days.",
        Remedy.Do(Operation.ChangeRetention, "Keep every release", "off"), ProblemKind.Usage,
        Unchanged: Problem.NothingChanged).ToException();

    /// <inheritdoc/>
    public override string ToString() =>
        (Keep == 1 ? "the newest release" : $"the newest {Keep} releases")
        + (Days == 0 ? "" : Days == 1 ? ", and those of the last day" : $", and those of the last {Days} days");
}
