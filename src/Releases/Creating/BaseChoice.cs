namespace Releases;

/// <summary>Requires an unambiguous base for a release that is promoted immediately.</summary>
public static class BaseChoice
{
    /// <summary>Requires a named base if latest and active differ. Fails with <see cref="ProblemCode.ChooseBase"/>.</summary>
    public static async Task RequireUnambiguous(IReleaseStore store, App app, CancellationToken cancel)
    {
        if (app.Active is not { } active || app.Latest is not { } latest || active == latest) return;
        var newest = await store.RequireRelease(app.Name, latest, cancel);
        throw new Problem(
            ProblemCode.ChooseBase,
            $"{newest.Label} is newer than {await store.Label(app.Name, active, cancel)}, which is active. A change based on it would also "
                + $"deploy what v{newest.Number} changed.",
            Remedy.Pass(OperationOption.From, "Base it on the active release", "active")
                .Or(Remedy.Pass(OperationOption.From, "Base it on the latest", latest.ToString()))).ToException();
    }
}
