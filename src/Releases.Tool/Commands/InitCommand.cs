using System.CommandLine;
using System.Text;

namespace Releases.Tool;

/// <summary><c>init</c>: writes a <c>convox.yml</c> that names a service for each program of the app.</summary>
internal static class InitCommand
{
    public static Command Create(ToolHost host) => new Command("init", "Write a convox.yml with a service for each program")
        .Example("dotnet convox init", "then deploy it with: dotnet convox deploy")
        .SetHandler(host, Init);

    private static async Task Init(Invocation call, CancellationToken cancel)
    {
        var (folder, app) = (call.Settings.Folder, call.Settings.App);
        var file = Path.Combine(folder, ManifestReader.FileName);
        if (Path.Exists(file)) throw IsThere(file).ToException();
        var services = await Propose(call, folder, app, cancel);
        var text = NewManifest.Write(services);
        // Validate the file as a deploy would, before writing it.
        var reading = ManifestReader.Read(text, file);
        new PlanBuild(app, folder, new(text, reading.Require(), reading.Warnings)).Create([.. services.Select(s => s.Project)]);
        Write(file, text);

        if (call.Json) OutputJson.Write(call.Terminal.Out, new(file,
            [.. services.Select(s => new InitServiceView(s.Name.ToString(), s.Build, s.Project.IsWeb))]), OutputJson.Indented.InitView);
        else call.Terminal.Out.Write(text);
        call.Say($"Wrote {file}.", Remedy.Do(Operation.Deploy, "Deploy it"));
    }

    private static async Task<IReadOnlyList<ProposedService>> Propose(Invocation call, string folder, AppName app, CancellationToken cancel)
    {
        var msbuild = new MsBuild(call.Dotnet, folder, [], _ => { });
        var plan = new PlanBuild(app, folder, file: null);
        var files = new AppProjects(folder, folder, call.Terminal.Say).Find(plan, isPlanned: false);
        using var shared = new BuildFolder(call.Time, folder);
        IReadOnlyList<DescribedProject> described;
        try
        {
            described = await msbuild.Describe(shared, files, cancel);
        }
        catch (BuildBrokeException broke)
        {
            throw new Problem(ProblemCode.BuildFailed, $"the projects can't be read: {broke.Message.TrimEnd('.')}. Nothing was written.",
                PlannedProjects.Fix(broke, areNamed: false)).ToException(broke);
        }

        IReadOnlyList<AppProject> programs = [.. described.Where(d => !d.IsHost).Select(d => d.Project).DistinctBy(p => p.Path)
            .OrderBy(p => p.Path, StringComparer.Ordinal)];
        if (programs.Count == 0) plan.Create([]);
        var hosts = described.Where(d => d.IsHost).Select(d => d.Project.Path).Distinct().ToList();
        foreach (var host in hosts)
            call.Terminal.Say($"note: {Path.GetRelativePath(folder, host)} is not deployed; only the project names in it are used.");
        var names = new ServiceNames(programs, hosts.SelectMany(h => AppHostNames.Of(h, programs)).DistinctBy(n => n.Key)
            .DistinctBy(n => n.Value).ToDictionary()).Of();
        return [.. programs.Select(p => new ProposedService(names[p], Build(p, folder), p)).OrderBy(s => s.Name)];
    }

    /// <summary>
    /// Returns the project's folder if it holds no other project, and otherwise the project file, relative to the app's folder.
    /// </summary>
    private static string Build(AppProject project, string folder)
    {
        var own = Path.GetDirectoryName(project.Path)!;
        var path = Directory.EnumerateFiles(own, "*.*proj").Count() == 1 ? own : project.Path;
        return Path.GetRelativePath(folder, path).Replace('\\', '/');
    }

    /// <summary>Removes half a file, which would be in the way of the next attempt.</summary>
    private static bool IsRemoved(string file)
    {
        try
        {
            File.Delete(file);
            return true;
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Write(string file, string text)
    {
        var isMade = false;
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            isMade = true;
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException) when (!isMade && File.Exists(file))
        {
            throw IsThere(file).ToException();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var left = isMade && !IsRemoved(file) ? "What was written is still there; delete it." : "Nothing was written.";
            throw new Problem(
                ProblemCode.Unclear, $"{FileTarget.Failed(refused, file).Message} {left}",
                "Free some space, or make the folder writable, and run this again.").ToException(refused);
        }
    }

    private static Problem IsThere(string file) =>
        new(ProblemCode.Unclear, $"{file} already exists; nothing changed.", "Add services to it, or delete it and run this again.");
}
