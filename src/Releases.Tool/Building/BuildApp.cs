namespace Releases.Tool;

/// <summary>How a build is wanted.</summary>
/// <param name="Description">What the person says about it; null: git says it.</param>
/// <param name="From">The base; null: the latest release.</param>
/// <param name="MsBuild">Arguments for MSBuild.</param>
internal sealed record BuildWishes(string? Description, string? From, IReadOnlyList<string> MsBuild);

/// <summary>Publishes every service of an app, and makes one build and one release of all of them.</summary>
internal sealed class BuildApp(Invocation call, Rack rack, BuildWishes wishes)
{
    private readonly AppSettings _settings = call.Settings;
    private readonly CreateRelease _create = new(rack, call.Time);

    /// <summary>Makes it; what fails leaves a build that says why, with its log, and no release.</summary>
    public async Task<CreatedRelease> Run(CancellationToken cancel)
    {
        var request = new BuildRequest(_settings.App, _settings.Folder, [], wishes.Description, wishes.From, await call.By(rack, cancel));
        var build = await _create.Begin(request, cancel);
        call.Terminal.Say($"Building {build.Id} of {_settings.App} in {_settings.Folder}");
        var redactor = new Redactor([]);
        try
        {
            // Fails before anything is compiled where there is no such base.
            var environment = await new ChangeEnvironment(rack, call.Time).Read(_settings.App, wishes.From, cancel);
            redactor = new(environment.Select(v => v.Value));
            var log = new BuildLog(rack.Store, build, redactor, call.Terminal.Say, call.Time);
            return await _create.During(build, async () => await _create.Complete(
                build, request with { Projects = await Logged(log, () => Publish(build, log, cancel)) }, cancel));
        }
        catch (Exception cause)
        {
            var told = cause is BuildBrokeException broke ? Broke(build, broke, redactor) : cause;
            await _create.MarkFailed(build, told);
            if (told is OperationCanceledException) call.Terminal.Say($"Interrupted: {build.Id} made no release, and nothing that runs changed.");
            if (told == cause) throw;
            throw told;
        }
    }

    private static async Task<T> Logged<T>(BuildLog log, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            await log.End();
        }
    }

    private async Task<IReadOnlyList<PublishedProject>> Publish(Build build, BuildLog log, CancellationToken cancel)
    {
        var plan = new PlanBuild(_settings.App, _settings.Folder, await ManifestFile.Read(_settings.Folder, cancel));
        using var folder = new BuildFolder(call.Time);
        var msbuild = new MsBuild(call.Dotnet, _settings.Folder, wishes.MsBuild, log.Add);
        var files = await AppProjects.Find(_settings.Folder, plan, solution => msbuild.List(solution, cancel));
        IReadOnlyList<DescribedProject> described = files.Count == 0 ? [] : await msbuild.Describe(folder, files, cancel);
        var planned = plan.Of([.. described.Select(d => d.Project)]);
        foreach (var left in planned.Left) log.Add($"{Path.GetRelativePath(_settings.Folder, left.Path)} is no service of {ManifestReader.FileName}, so it is not published.");
        if (planned.Projects.Count == 0) return [];

        var projects = described.Where(d => planned.Projects.Any(p => p.Project == d.Project)).ToList();
        log.Add($"Publishing {string.Join(", ", planned.Projects.Select(p => $"{string.Join(" and ", p.Services)} ({p.Path})"))}");
        var targets = await ImageTargets(folder, build, planned, projects, cancel);
        await msbuild.Publish(folder, projects, Login(targets), cancel);
        IReadOnlyList<PublishedProject> published = [.. projects.Select(p => folder.Published(p, targets.GetValueOrDefault(p.Key)) ?? throw NotPublished(p))];
        if (published.Where(p => p.Image is null).GroupBy(p => p.Folder).FirstOrDefault(f => f.Count() > 1) is { } shared) throw OneFolder(shared);
        return published;
    }

    /// <summary>Where the images go, by the projects' keys; none on a rack that keeps publish folders.</summary>
    private async Task<IReadOnlyDictionary<string, PushTarget>> ImageTargets(
        BuildFolder folder, Build build, BuildPlan plan, List<DescribedProject> projects, CancellationToken cancel)
    {
        var targets = new Dictionary<string, PushTarget>();
        foreach (var project in projects)
            if (await rack.Artifacts.ImageTarget(_settings.App, plan.Projects.Single(p => p.Project == project.Project).Services[0], cancel) is { } target)
                targets[project.Key] = target;
        if (targets.Count > 0) folder.WriteImageTargets(build.Id, targets);
        return targets;
    }

    /// <summary>All of one registry.</summary>
    private static Dictionary<string, string> Login(IReadOnlyDictionary<string, PushTarget> targets) => targets.Values.FirstOrDefault() is { } target
        ? new() { [PushTarget.UserVariable] = target.User, [PushTarget.PasswordVariable] = target.Password }
        : [];

    private static ProblemException NotPublished(DescribedProject project) => new Problem(
        ProblemCode.BuildFailed, $"MSBuild ended well and did not publish {project.Project.Path}.",
        "A project of several target frameworks needs one: dotnet convox build -- -p:TargetFramework=net10.0").ToException();

    private static ProblemException OneFolder(IGrouping<string, PublishedProject> shared) => new Problem(
        ProblemCode.BuildFailed, $"{string.Join(" and ", shared.Select(p => p.Project.Path))} were published into one folder, {shared.Key}, so that each would have the other's files. No release was made.",
        "Give each project a PublishDir of its own.").ToException();

    private ProblemException Broke(Build build, BuildBrokeException broke, Redactor redactor)
    {
        var where = broke.Project is { } project ? $" ({Path.GetRelativePath(_settings.Folder, project)})" : "";
        return new Problem(
            ProblemCode.BuildFailed, $"{build.Id} failed{where}: {redactor.Redact(broke.Message).TrimEnd('.')}. No release was made, and nothing that runs changed.",
            $"See the whole log with: dotnet convox builds logs {build.Id}").ToException();
    }
}
