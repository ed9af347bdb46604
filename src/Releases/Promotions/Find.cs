namespace Releases;

/// <summary>Reads what has to be there, or says that it is not.</summary>
public static class Find
{
    /// <summary>The app, or <see cref="ProblemCode.NoSuchApp"/>.</summary>
    public static async Task<App> RequireApp(this IReleaseStore store, AppName name, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.FindApp(name, cancel) is { DeletedAt: null } app
            ? app
            : throw new Problem(
                ProblemCode.NoSuchApp, $"The rack has no app '{name}'.",
                $"See which there are with: dotnet convox apps; the first publish makes one, and so does: dotnet convox apps create {name}").ToException();
    }

    /// <summary>The release, or <see cref="ProblemCode.NoSuchRelease"/>.</summary>
    public static async Task<Release> RequireRelease(
        this IReleaseStore store, AppName app, ReleaseReference release, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.FindRelease(app, release, cancel)
            ?? throw new Problem(
                ProblemCode.NoSuchRelease, $"{app} has no release {release}.", "See which there are with: dotnet convox releases --all").ToException();
    }
}
