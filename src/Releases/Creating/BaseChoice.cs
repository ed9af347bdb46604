namespace Releases;

/// <summary>What a release that is promoted at once is based on has to be clear.</summary>
public static class BaseChoice
{
    /// <summary>Refuses where latest and active differ and nobody said which is meant. Fails with <see cref="ProblemCode.ChooseBase"/>.</summary>
    public static void RequireUnambiguous(App app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Active is not { } active || app.Latest is not { } latest || active == latest) return;
        throw new Problem(
            ProblemCode.ChooseBase, $"The latest release of {app.Name} is {latest} and the active one is {active}, so promoting a change of the latest would also deploy what is in it.",
            $"Say which is meant: --from active, or --from {latest}.").ToException();
    }
}
