namespace Releases;

/// <summary>How long an app's releases keep their artifacts. A release has to be older than both before it loses them.</summary>
/// <param name="Keep">How many of the newest releases keep them.</param>
/// <param name="Days">For how many days after it was made a release keeps them.</param>
public sealed record RetentionSettings(int Keep, int Days) : Extensible
{
    /// <summary>What a new app has.</summary>
    public static RetentionSettings Default { get; } = new(30, 90);

    /// <summary>Fails with <see cref="ProblemCode.Usage"/> unless at least one release stays.</summary>
    public RetentionSettings Checked() => Keep >= 1 && Days >= 0 ? this : throw new Problem(
        ProblemCode.Usage, "retention keeps at least 1 release, and 0 or more days. Nothing changed.",
        Remedy.Do(Operation.ChangeRetention, "Keep every release", "off"), ProblemKind.Usage).ToException();

    /// <inheritdoc/>
    public override string ToString() =>
        (Keep == 1 ? "the newest release" : $"the newest {Keep} releases")
        + (Days == 0 ? "" : Days == 1 ? ", and those of the last day" : $", and those of the last {Days} days");
}
