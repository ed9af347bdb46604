namespace Releases.Tool;

/// <summary>
/// A build of an app's projects: first it describes them, and when the tool has checked what they are and says what is to be published,
/// it publishes that. Disposed in between, it ends and publishes nothing.
/// </summary>
internal abstract class AppBuild : IAsyncDisposable
{
    /// <summary>
    /// One run of MSBuild does both, because its start and reading the projects is most of what a build takes that finds everything up to
    /// date. It can't where images are pushed: MSBuild takes the login from the environment that it starts with, and where to push is
    /// known only once the projects are described.
    /// </summary>
    public static AppBuild Start(MsBuild msbuild, BuildFolder folder, bool pushesImages) =>
        pushesImages || !PublishGate.CanBeAt(folder.Gate) ? new InTwoRuns(msbuild, folder) : new InOneRun(msbuild, folder);

    /// <summary>Restores the projects and describes those that are programs. Fails with <see cref="BuildBrokeException"/>.</summary>
    public abstract Task<IReadOnlyList<DescribedProject>> Describe(IReadOnlyList<string> projects, CancellationToken cancel);

    /// <summary>
    /// Publishes what <see cref="BuildFolder.WritePublished"/> has written, in parallel where MSBuild allows. Fails with
    /// <see cref="BuildBrokeException"/>.
    /// </summary>
    /// <param name="login">Variables with the login for images.</param>
    /// <param name="cancel">Ends it.</param>
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
