namespace Releases;

/// <summary>Creates the app of a first release, and accepts that another process creates it at the same moment.</summary>
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
            // Another publish of the same solution created it first.
        }
    }
}
