namespace Releases.Tool;

/// <summary>
/// Builds an app's projects in two steps: first it describes them, and once the tool has checked them and chosen what to publish, it
/// publishes that. Disposing it in between ends the build without publishing anything.
/// </summary>
internal abstract class AppBuild : IAsyncDisposable
{
    /// <summary>
    /// Starts the build in a single run of MSBuild where possible, because starting MSBuild and reading the projects is most of the cost of
    /// an up-to-date build. Pushing images takes two runs: MSBuild takes the login from the environment that it starts with, and the
    /// destination is known only once the projects are described.
    /// </summary>
    public static AppBuild Start(MsBuild msbuild, BuildFolder folder, bool pushesImages) =>
        pushesImages || !PublishGate.CanBeAt(folder.Gate) ? new InTwoRuns(msbuild, folder) : new InOneRun(msbuild, folder);

    /// <summary>Restores the projects and describes those that are programs. Fails with <see cref="BuildBrokeException"/>.</summary>
    public abstract Task<IReadOnlyList<DescribedProject>> Describe(IReadOnlyList<string> projects, CancellationToken cancel);

    /// <summary>
    /// Publishes what <see cref="BuildFolder.WritePublished"/> wrote, in parallel where MSBuild allows it. Fails with
    /// <see cref="BuildBrokeException"/>.
    /// </summary>
    /// <param name="login">The environment variables that hold the registry login.</param>
    /// <param name="cancel">A token that cancels the build.</param>
    public abstract Task Publish(IReadOnlyDictionary<string, string> login, CancellationToken cancel);

    public abstract ValueTask DisposeAsync();

    private sealed class InOneRun(MsBuild msbuild, BuildFolder folder) : AppBuild
    {
        private readonly PublishGate _gate = new(folder.Gate);
        private Task _run = Task.CompletedTask;

        public override async Task<IReadOnlyList<DescribedProject>> Describe(IReadOnlyList<string> projects, CancellationToken cancel)
        {
            _run = msbuild.DescribeAndPublish(folder, projects, cancel);
            if (await Task.WhenAny(_run, _gate.Reached) == _run) await _run;
            return folder.Described();
        }

        public override Task Publish(IReadOnlyDictionary<string, string> login, CancellationToken cancel)
        {
            _gate.Open();
            return _run;
        }

        public override async ValueTask DisposeAsync()
        {
            _gate.Open();
            await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _gate.Dispose();
        }
    }

    private sealed class InTwoRuns(MsBuild msbuild, BuildFolder folder) : AppBuild
    {
        public override Task<IReadOnlyList<DescribedProject>> Describe(IReadOnlyList<string> projects, CancellationToken cancel) =>
            msbuild.Describe(folder, projects, cancel);

        public override Task Publish(IReadOnlyDictionary<string, string> login, CancellationToken cancel) =>
            msbuild.Publish(folder, login, cancel);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
