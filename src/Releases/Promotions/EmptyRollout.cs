namespace Releases;

/// <summary>
/// Rejects a rollout without processes: only a verified rollout succeeds, and without a process there is nothing to verify.
/// </summary>
public static class EmptyRollout
{
    /// <summary>The text in the record of a service without processes.</summary>
    public const string NotVerified = "0 processes, not verified";

    /// <summary>Returns a problem if the rollout has no process and that isn't allowed, or nothing of it can be held.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="counts">The number of processes of each of its services, or null if unknown.</param>
    public static IEnumerable<Problem> Check(Rollout rollout, IReadOnlyList<int?> counts)
    {
        if (counts.Count == 0 || counts.Any(c => c != 0)) yield break;
        // 'scale' finds the services of the active release, which has those that were scaled.
        var service = rollout.Services.Select(s => (ServiceName?)s.Service.Name).FirstOrDefault(
            s => rollout.App.Active == rollout.Release.Id || rollout.App.Scale.ContainsKey(s!.Value));
        var scale = service is { } found
            ? Remedy.Do(Operation.Scale, "Set a count", found.ToString(), "1")
            : Remedy.FromString($"Set 'scale' in {ManifestReader.FileName}.");
        if (!rollout.Terms.AllowEmpty)
            yield return new(
                ProblemCode.Nothing,
                $"every service of {rollout.App.Name} would have 0 processes, so none could verify {rollout.Release.Label}.",
                scale.Or(Remedy.Do(Operation.Promote, "Promote anyway", rollout.Release.Id.ToString(), OperationOption.AllowEmpty)));
        else if (rollout.Terms.Holds)
            yield return new(
                ProblemCode.Nothing,
                $"every service of {rollout.App.Name} would have 0 processes, so there is nothing to hold.",
                scale.Or(Remedy.Do(
                    Operation.Promote, "Promote without a hold", rollout.Release.Id.ToString(), OperationOption.AllowEmpty)));
    }
}
