namespace Releases;

/// <summary>Requires an unambiguous base for a release that is promoted immediately.</summary>
public static class BaseChoice
{
    /// <summary>Requires a named base if latest and active differ. Fails with <see cref="ProblemCode.ChooseBase"/>.</summary>
    public static void RequireUnambiguous(App app)
    {
        if (app.Active is not { } active || app.Latest is not { } latest || active == latest) return;
        throw new Problem(
            ProblemCode.ChooseBase,
            $"the latest release of {app.Name} is {latest}, the active one is {active}. "
                + "A change based on the latest would also deploy what is in it.",
            Remedy.Pass(OperationOption.From, "Base it on the active release", "active")
                .Or(Remedy.Pass(OperationOption.From, "Base it on the latest", latest.ToString()))).ToException();
    }
}
