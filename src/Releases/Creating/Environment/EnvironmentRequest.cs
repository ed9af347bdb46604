namespace Releases;

/// <summary>Represents a change of an app's environment that becomes a release.</summary>
/// <param name="App">The app.</param>
/// <param name="Edit">The change.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; the latest if null.</param>
/// <param name="By">Who requested the change.</param>
/// <param name="ToPromote">
/// Whether the release is promoted next. The base must then be named if latest and active differ; otherwise it would also deploy someone
/// else's unpromoted build.
/// </param>
public sealed record EnvironmentRequest(AppName App, EnvironmentEdit Edit, string? From, string By, bool ToPromote = false);
