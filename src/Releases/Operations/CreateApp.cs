namespace Releases;

/// <summary>Makes an app. One that was deleted comes back with its numbers.</summary>
public sealed class CreateApp(OperationContext context)
{
    /// <summary>The app. Fails with <see cref="ProblemCode.AppExists"/>.</summary>
    public async Task<App> Run(AppName name, CancellationToken cancel) =>
        await context.Store.CreateApp(name, new() { At = context.Now, Kind = EventKind.AppCreated, By = await context.By(cancel) }, cancel);
}
