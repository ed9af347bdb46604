namespace Releases;

/// <summary>Creates an app. A deleted app is restored, with its numbering.</summary>
public sealed class CreateApp(OperationContext context)
{
    /// <summary>Creates the app. Fails with <see cref="ProblemCode.AppExists"/>.</summary>
    public async Task<App> Run(AppName name, CancellationToken cancel) =>
        await context.Store.CreateApp(name, new() { At = context.Now, Kind = EventKind.AppCreated, By = await context.By(cancel) }, cancel);
}
