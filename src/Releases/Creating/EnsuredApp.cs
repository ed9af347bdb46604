namespace Releases;

/// <summary>Makes an app that a release is the first of, whoever else does so at the same moment.</summary>
internal static class EnsuredApp
{
    public static async Task Create(IReleaseStore store, AppName app, DateTimeOffset now, string by, CancellationToken cancel)
    {
        try
        {
            await store.CreateApp(app, new() { At = now, Kind = EventKind.AppCreated, By = by }, cancel);
        }
        catch (ProblemException exists) when (exists.Is(ProblemCode.AppExists))
        {
            // Another publish of the same solution was first.
        }
    }
}
