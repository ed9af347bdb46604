namespace Releases;

/// <summary>Says how long an app's releases keep their artifacts. Removes nothing itself.</summary>
public sealed class ChangeRetention(OperationContext context)
{
    /// <summary>Gives the app as it is now. Fails with <see cref="ProblemCode.Usage"/> if nothing would be kept.</summary>
    /// <param name="app">The app.</param>
    /// <param name="settings">The settings; null: every release keeps its artifacts.</param>
    /// <param name="cancel">Ends it before it is written.</param>
    public async Task<App> Run(App app, RetentionSettings? settings, CancellationToken cancel)
    {
        settings?.Checked();
        var what = new Event
        {
            Format = Event.FormatOfRetention,
            At = context.Now,
            Kind = EventKind.RetentionChanged,
            By = await context.By(cancel),
            Detail = settings?.ToString() ?? "off",
        };
        return await context.Store.ChangeApp(app.Name, a => a with { Retention = settings }, what, cancel);
    }
}
