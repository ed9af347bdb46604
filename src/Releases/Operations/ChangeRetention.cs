namespace Releases;

/// <summary>Changes how long an app's releases keep their artifacts. Removes nothing itself.</summary>
public sealed class ChangeRetention(OperationContext context)
{
    /// <summary>
    /// Changes the settings, and returns the changed app. Fails with <see cref="ProblemCode.Usage"/> if nothing would be kept.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="settings">The settings, or null to keep the artifacts of every release.</param>
    /// <param name="cancel">Cancels the operation before it is written.</param>
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
