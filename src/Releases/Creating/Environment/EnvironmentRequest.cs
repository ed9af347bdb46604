namespace Releases;

/// <summary>A change of an app's environment that is to become a release.</summary>
/// <param name="App">The app.</param>
/// <param name="Edit">The change.</param>
/// <param name="From">The base: <c>active</c>, <c>latest</c>, an id or a number; null: the latest.</param>
/// <param name="By">Who.</param>
/// <param name="ToPromote">
/// Whether the release is promoted next. Then the base has to be said where latest and active differ, as otherwise somebody's
/// unpromoted build would go out with it.
/// </param>
public sealed record EnvironmentRequest(AppName App, EnvironmentEdit Edit, string? From, string By, bool ToPromote = false);
