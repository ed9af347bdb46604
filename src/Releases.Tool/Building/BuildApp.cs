using Releases.Local;

namespace Releases.Tool;

/// <summary>Represents the options of a build.</summary>
/// <param name="Description">The user's description, or null to take it from git.</param>
/// <param name="From">The base release, or null for the latest one.</param>
/// <param name="Publish">The options for publishing.</param>
internal sealed record BuildAppOptions(string? Description, string? From, PublishArguments Publish)
{
    /// <summary>Gets the oldest release that can be rolled back to, or null for what convox.yml and the base release state.</summary>
    public ReleaseReference? BreaksBefore { get; init; }

    /// <summary>Gets whether a build with unchanged content makes no release.</summary>
    public bool OnlyIfChanged { get; init; }
}

/// <summary>Publishes every service of an app and makes one build and one release of them.</summary>
internal sealed class BuildApp(Invocation call, Rack rack, BuildAppOptions options)
{
    private readonly AppSettings _settings = call.Settings;
    private readonly CreateRelease _create = new(rack, call.Time);

    /// <summary>
    /// Makes the build and its release. A build that is refused before compilation leaves no record; one that fails later leaves a failed
    /// build with the reason and its log, and no release.
    /// </summary>
    public async Task<CreatedRelease> Run(CancellationToken cancel)
    {
        var request = new BuildRequest(_settings.App, _settings.Folder, [], options.Description, options.From, await call.By(rack, cancel))
        {
            Source = await GitRemote.SourceOf(_settings.Folder, call.Variable, cancel),
            IsAppStated = _settings.IsAppStated,
            OnlyIfChanged = options.OnlyIfChanged,
            BreaksBefore = options.BreaksBefore,
        };
        await _create.Check(request, cancel);
        var redactor = new Redactor(await Secrets(cancel));
        await using var log = new BuildLog(rack.Store, redactor, call.Terminal.Say, call.Time);
        using var folder = new BuildFolder(call.Time, _settings.Folder);
        var planned = new PlannedProjects(call, options);
        var sdk = new MsBuild(call.Dotnet, _settings.Folder, options.Publish.MsBuild, log.Add);
        await using var msbuild = AppBuild.Start(sdk, folder, _settings.Rack.Kind.ArtifactKind == ArtifactKind.Image);
        var broke = await planned.Read(msbuild, cancel);
        if (broke is null) await _create.Check(request with { Projects = planned.Unpublished }, cancel);
        else if (await rack.Store.FindApp(_settings.App, cancel) is not { DeletedAt: null })
        {
            await log.End();
            throw Unread(broke, planned, redactor);
        }

        // Before the commit is read, which may be another one after the wait.
        using var output = await Lock(planned, log, cancel);
        var build = await _create.Begin(request, cancel);
        log.Show($"Building {_settings.App} in {_settings.Folder} ({build.Id})");
        log.KeepWith(build);
        try
        {
            return await _create.WithHeartbeat(build, async () => await _create.Complete(build, request with
            {
                Projects = broke is null ? await Publish(planned, folder, msbuild, build, log, cancel) : throw broke,
                Warned = warnings => End(log, warnings),
                Sdk = planned.Projects.Select(folder.Sdk).FirstOrDefault(s => s is not null),
                Run = CiRun.Address(call.Variable),
            }, cancel));
        }
        catch (Exception cause)
        {
            var why = cause as BuildBrokeException;
            var fix = broke is null ? null : PlannedProjects.Fix(broke, planned.AreNamed);
            var told = why is null ? cause : Broke(build, why, fix, redactor);
            try
            {
                await log.End();
            }
            finally
            {
                await _create.MarkFailed(build, told, why is null ? null : Cause(why, redactor));
            }

            if (told is OperationCanceledException)
                call.Terminal.Say("Interrupted. No release was made; production is unchanged.");
            if (told == cause) throw;
            throw told;
        }
    }

    /// <summary>Returns the values to redact from the log; empty for an app that doesn't exist yet.</summary>
    private async Task<IEnumerable<KeyValuePair<string, string>>> Secrets(
        CancellationToken cancel) => await rack.Store.FindApp(_settings.App, cancel) is { DeletedAt: null }
        ? await new EnvironmentRelease(rack, call.Time).Read(_settings.App, options.From, cancel)
        : [];

    /// <summary>
    /// Keeps other publishes from the projects' intermediate folders, from before compilation until the release is made, and waits for one
    /// that is running.
    /// </summary>
    private async Task<PublishLock> Lock(PlannedProjects planned, BuildLog log, CancellationToken cancel)
    {
        string[] files = [.. planned.Projects.Select(p => p.Lock)];
        if (PublishLock.TryTake(files) is { } free) return free;
        log.Show("Waiting: another publish of these projects is running");
        return await PublishLock.Take(files, call.Time, cancel);
    }

    /// <summary>Adds the warnings to the log while the build is still running, so that whoever follows the log sees them.</summary>
    private static Task End(BuildLog log, IReadOnlyList<Problem> warnings)
    {
        foreach (var warning in warnings)
            log.Add($"{(warning.Location is { } place ? $"{place}: " : "")}warning {warning.Code}: {warning.Sentence}");
        return log.End();
    }

    private async Task<IReadOnlyList<PublishedProject>> Publish(
        PlannedProjects planned, BuildFolder folder, AppBuild msbuild, Build build, BuildLog log, CancellationToken cancel)
    {
        foreach (var left in planned.Plan.Unmatched)
            log.Add(
                $"{Path.GetRelativePath(_settings.Folder, left.Path)} is no service of {ManifestReader.FileName}, so it is not published.");
        if (planned.Projects.Count == 0) return [];
        log.Add($"Publishing {string.Join(", ", planned.Plan.Projects.Select(p => $"{string.Join(" and ", p.Services)} ({p.Path})"))}");
        var targets = await ImageTargets(folder, build, planned, cancel);
        planned.WriteTo(folder);
        await msbuild.Publish(Login(targets), cancel);
        IReadOnlyList<PublishedProject> published =
            [.. planned.Projects.Select(p => folder.Outcome(p, targets.GetValueOrDefault(p.Key)) ?? throw NotPublished(p))];
        if (published.Where(p => p.Image is null).GroupBy(p => p.Folder).FirstOrDefault(f => f.Count() > 1) is { } shared)
            throw OneFolder(shared);
        return published;
    }

    /// <summary>Returns where each project's image is pushed, by the project's key; empty on a rack that stores publish folders.</summary>
    private async Task<IReadOnlyDictionary<string, PushTarget>> ImageTargets(
        BuildFolder folder, Build build, PlannedProjects planned, CancellationToken cancel)
    {
        var targets = new Dictionary<string, PushTarget>();
        foreach (var project in planned.Projects)
            if (await rack.Artifacts.ImageTarget(_settings.App,
                planned.Plan.Projects.Single(p => p.Project == project.Project).Services[0], cancel) is { } target)
                targets[project.Key] = target;
        if (targets.Count > 0) folder.WriteImageTargets(build.Id, targets);
        return targets;
    }

    /// <summary>Returns the login for the images, which all go to one registry.</summary>
    private static Dictionary<string, string> Login(IReadOnlyDictionary<string, PushTarget> targets) =>
        targets.Values.FirstOrDefault() is { } target ? PushLogin.Variables(target) : [];

    private static ProblemException NotPublished(DescribedProject project) => new Problem(
        ProblemCode.BuildFailed, $"MSBuild succeeded but didn't publish {project.Project.Path}.",
        $"Try it: dotnet publish {project.Project.Path}").ToException();

    private static ProblemException OneFolder(IGrouping<string, PublishedProject> shared) => new Problem(
        ProblemCode.BuildFailed,
        $"{string.Join(" and ", shared.Select(p => p.Project.Path))} were published to the same folder, {shared.Key}, which mixes their "
            + "files. No release was made.",
        "Give each project a folder of its own, or a BaseIntermediateOutputPath of its own.").ToException();

    /// <summary>Reports that the projects can't be restored, where the app doesn't exist yet and so no failed build is recorded.</summary>
    private ProblemException Unread(BuildBrokeException broke, PlannedProjects planned, Redactor redactor) => new Problem(
        ProblemCode.BuildFailed,
        $"the projects can't be restored{Where(broke)}: {KeptOutput.Reason(redactor.Redact(broke.Message)).TrimEnd('.')}. "
            + "Nothing was built.", PlannedProjects.Fix(broke, planned.AreNamed)).ToException(broke);

    private string Where(BuildBrokeException broke) =>
        broke.Project is { } project ? $" ({Path.GetRelativePath(_settings.Folder, project)})" : "";

    /// <summary>Returns why a build broke, for its record, which is read beside its id and its log.</summary>
    private string Cause(BuildBrokeException broke, Redactor redactor)
    {
        var project = broke.Project is { } path ? $"{Path.GetRelativePath(_settings.Folder, path)}: " : "";
        return $"{project}{KeptOutput.Reason(redactor.Redact(broke.Message)).TrimEnd('.')}.";
    }

    /// <param name="build">The build.</param>
    /// <param name="broke">Why it failed.</param>
    /// <param name="fix">What to do about it, or null if only the log tells.</param>
    /// <param name="redactor">Masks secrets.</param>
    private ProblemException Broke(Build build, BuildBrokeException broke, string? fix, Redactor redactor)
    {
        var log = Remedy.Do(Operation.ShowBuildLog, "See the log", build.Id.ToString());
        return new Problem(
            ProblemCode.BuildFailed,
            $"the build failed{Where(broke)}: {KeptOutput.Reason(redactor.Redact(broke.Message)).TrimEnd('.')}. "
                + "No release was made; production is unchanged.",
            Remedy.FromString(fix)?.Or(log) ?? log).ToException();
    }
}
