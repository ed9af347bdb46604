using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CliWrap;
using Releases.Local;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests;

/// <summary>A local rack of the test's own, the real tool on it, and an app made of the sample program. Nothing of it is left
/// afterwards.</summary>
public sealed class TestRack : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-rack-").FullName;
    private readonly ConcurrentBag<RunningTool> _started = [];

    /// <param name="home">Where its home lies; null: in its own folder.</param>
    public TestRack(string? home = null)
    {
        Home = home ?? Path.Combine(_folder, "home");
        Directory.CreateDirectory(AppFolder);
        Directory.CreateDirectory(Temporary);
    }

    public static AppName App { get; } = AppName.Parse("hello");

    /// <summary>Variables that every tool of this rack gets, beside its home.</summary>
    public Dictionary<string, string?> Variables { get; } = [];

    public string Home { get; }

    public string AppFolder => Path.Combine(_folder, "hello");

    /// <summary>What a runtime that is killed leaves in the temporary folder is gone with the rack.</summary>
    private string Temporary => Path.Combine(_folder, "tmp");

    /// <summary>The tool that is tested.</summary>
    public static string Tool { get; } =
        Environment.GetEnvironmentVariable("CONVOX_TEST_TOOL") is { Length: > 0 } tool
            ? tool
            : Path.Combine(AppContext.BaseDirectory, "dotnet-convox");

    /// <summary>Who makes the builds that follow, and their description.</summary>
    public (string By, string Description) Builds { get; set; } = ("a test", "");

    /// <summary>The tool that runs what follows: the one that is tested, or another beside it.</summary>
    public string Uses { get; set; } = Tool;

    private static string SampleOutput { get; } = Path.Combine(
        Repository.Root, "tests", "SampleApp", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");

    /// <summary>Makes a release of the sample program for each of these services, in an app with this manifest; the last one holds them
    /// all.</summary>
    public async Task<Release> Publish(string manifest, params string[] services)
    {
        await File.WriteAllTextAsync(Path.Combine(AppFolder, "convox.yml"), manifest);
        await using var rack = Open();
        CreatedRelease? created = null;
        foreach (var service in services)
            created = await new CreateRelease(rack, TimeProvider.System).FromBuild(
                new(App, AppFolder, [new(new(Path.Combine(AppFolder, service, service + ".csproj"), ServiceName.Parse(service),
                    IsWeb: true), SampleOutput, "SampleApp")],
                    Builds.Description, null, Builds.By),
                TestContext.Current.CancellationToken);
        return created!.Release;
    }

    /// <summary>Another rack with the records and artifacts of this one, which must be stopped.</summary>
    public async Task<TestRack> Copy()
    {
        var copy = new TestRack { Builds = Builds };
        Directory.CreateDirectory(copy.Home);
        string[] kept = [.. Directory.GetFiles(Home, "rack.db*"), Path.Combine(Home, "vault.key"), Path.Combine(Home, "artifacts")];
        await Cli.Wrap("cp").WithArguments(["-a", .. kept, copy.Home]).ExecuteAsync(TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(AppFolder, "convox.yml"), Path.Combine(copy.AppFolder, "convox.yml"));
        return copy;
    }

    /// <summary>A release with these variables beside those there are.</summary>
    public async Task<ReleaseId> Set(params string[] variables)
    {
        var made = await Run(["env", "set", .. variables, "--id"]);
        Assert.True(made.ExitCode == 0, made.All);
        return ReleaseId.Parse(made.Out.Trim());
    }

    /// <summary>Runs the tool and waits until it ends.</summary>
    public Task<ToolRun> Run(params string[] arguments) => Start(arguments).Ended;

    /// <summary>Runs the tool and must succeed.</summary>
    public async Task<string> Do(params string[] arguments)
    {
        var run = await Run(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode}\n{run.All}\n{DaemonLog()}");
        return run.Out;
    }

    /// <summary>Starts the tool and does not wait.</summary>
    public RunningTool Start(params string[] arguments) => Start(Variables, arguments);

    /// <summary>Runs a line of a shell that begins with the tool, such as one that pipes its output.</summary>
    public Task<ToolRun> RunInShell(string line) => Start(Variables, "/bin/sh", ["-c", $"'{Uses}' {line}"]).Ended;

    /// <summary>Becomes the tool in a shell that ignores a signal, and so the tool ignores it too.</summary>
    public RunningTool StartInShell(string ignored, string line) =>
        Start(Variables, "/bin/sh", ["-c", $"trap '' {ignored}; exec '{Uses}' {line}"]);

    /// <summary>Runs the tool on a terminal of its own and types into it, once a file in the app's folder is there.</summary>
    public Task<ToolRun> RunAtTerminal(string line, string typed, string when)
    {
        // Where the shell that `script` takes stays between the terminal and the tool, Ctrl-C ends it, and its exit code is what is seen.
        var tool = $"exec '{Tool}' {line}".Replace("'", "'\\''", StringComparison.Ordinal);
        return Start(Variables, "/bin/sh", ["-c",
            $"(until [ -e {when} ]; do sleep 0.05; done; printf '{typed}') | script -qec '{tool}' /dev/null"]).Ended;
    }

    /// <summary>Starts the tool at a terminal, of which it is the session's first program, as a shell's would be.</summary>
    public RunningTool StartAt(PseudoTerminal terminal, bool color, params string[] arguments) => Start(
        new Dictionary<string, string?>(Variables) { ["TERM"] = "xterm-256color", ["NO_COLOR"] = color ? null : "1" }, "/bin/sh",
        ["-c", $"exec setsid --ctty --wait \"$0\" \"$@\" <{terminal.Name} >{terminal.Name} 2>{terminal.Name}", Tool, .. arguments]);

    /// <summary>The same with variables for this run alone.</summary>
    public RunningTool Start(IReadOnlyDictionary<string, string?> variables, params string[] arguments) =>
        Start(variables, Uses, arguments);

    private RunningTool Start(IReadOnlyDictionary<string, string?> variables, string program, string[] arguments)
    {
        var tool = Start(AppFolder, new Dictionary<string, string?>(variables)
        { ["CONVOX_HOME"] = Home, ["TMPDIR"] = Temporary, ["CONVOX_ACTOR"] = "somebody@box" }, program, arguments);
        _started.Add(tool);
        return tool;
    }

    /// <summary>Starts the tool in some folder and does not wait.</summary>
    public static RunningTool Start(string folder, IReadOnlyDictionary<string, string?> variables, string[] arguments) =>
        Start(folder, variables, Tool, arguments);

    /// <summary>The same with another program.</summary>
    public static RunningTool Start(string folder, IReadOnlyDictionary<string, string?> variables, string program, string[] arguments)
    {
        var (output, error) = (new SharedText(), new SharedText());
        // Whoever runs the tests in the background may have had SIGINT ignored, and what is ignored is inherited.
        var task = Cli.Wrap("env").WithArguments(["--default-signal=INT", program, .. arguments]).WithWorkingDirectory(folder)
            .WithEnvironmentVariables(e => e.Set(CleanEnvironment.ForDotnet).Set(variables))
            .WithStandardOutputPipe(Into(output)).WithStandardErrorPipe(Into(error))
            .WithValidation(CommandResultValidation.None).ExecuteAsync();
        return new(task.ProcessId, output, error, Ended(task, output, error));
    }

    /// <summary>What <c>--json</c> prints.</summary>
    public async Task<JsonElement> Json(params string[] arguments) => JsonDocument.Parse(await Do([.. arguments, "--json"])).RootElement;

    /// <summary>The release that is active by the records.</summary>
    public async Task<ReleaseId?> Active()
    {
        await using var rack = Open();
        return (await rack.Store.FindApp(App))?.Active;
    }

    /// <summary>The newest promotion by the records.</summary>
    public async Task<Promotion> LastPromotion()
    {
        await using var rack = Open();
        return (await rack.Store.ListPromotions(App, 1))[0];
    }

    public LocalRack Open() => LocalRack.Open(new(Home), "local", TimeProvider.System);

    /// <summary>The address of a service's own port.</summary>
    public async Task<Uri> Address(string service)
    {
        var services = await Json("services");
        return new(services.EnumerateArray().Single(s => s.GetProperty("service").GetString() == service)
            .GetProperty("directUrl").GetString()!);
    }

    /// <summary>What a service answers.</summary>
    public async Task<string> Get(string path, string service = "web")
    {
        using var client = new HttpClient { BaseAddress = await Address(service) };
        return (await client.GetStringAsync(new Uri(path, UriKind.Relative))).Trim();
    }

    /// <summary>The processes of a service by the system's numbers.</summary>
    public async Task<IReadOnlyList<int>> Processes(string service) =>
        [.. (await Json("ps")).EnumerateArray().Where(p => p.GetProperty("service").GetString() == service)
            .Select(p => p.GetProperty("pid").GetInt32())];

    /// <summary>Every process of the machine that was started in a working copy of this rack.</summary>
    public IReadOnlyList<int> LivingProcesses() => [.. ProcessesIn("work"), .. ProcessesIn("one-offs")];

    /// <summary>Every process of the machine that was started in a folder of this rack's home.</summary>
    public IReadOnlyList<int> ProcessesIn(string folder)
    {
        var work = Path.Combine(Home, folder) + "/";
        return [.. Directory.EnumerateDirectories("/proc").Select(d => (Id: Number(Path.GetFileName(d)), Folder: LinkOf(d + "/cwd")))
            .Where(p => p.Id is not null && p.Folder.StartsWith(work, StringComparison.Ordinal)).Select(p => p.Id!.Value)];
    }

    public async Task<int> DaemonProcess() => (await Json("rack")).GetProperty("pid").GetInt32();

    /// <summary>Not ended: one that ended may stay in the table until the machine's first process takes note of it, and has no folder
    /// then.</summary>
    public static bool Lives(int process) => LinkOf($"/proc/{process}/cwd").Length > 0;

    public static void Signal(int process, string signal) =>
        System.Diagnostics.Process.Start("/bin/kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)])!.WaitForExit();

    /// <summary>Waits until something of this rack is so. To look is often a start of the tool.</summary>
    public Task Until(Func<Task<bool>> isSo, string what) =>
        Patience.Until(isSo, () => $"It did not come to this: {what}\n{DaemonLog()}", TimeSpan.FromMilliseconds(150));

    public async ValueTask DisposeAsync()
    {
        // A command that a failed test left would start the rack again once it is stopped.
        foreach (var tool in _started.Where(t => !t.Ended.IsCompleted))
        {
            Signal(tool.ProcessId, "KILL");
            await tool.Ended;
        }

        await Run("rack", "stop");
        var left = LivingProcesses();
        foreach (var process in left) Signal(process, "KILL");
        Folders.Delete(_folder);
        Assert.Empty(left);
    }

    public string DaemonLog() => File.Exists(Path.Combine(Home, "daemon.log")) ? File.ReadAllText(Path.Combine(Home, "daemon.log")) : "";

    private static async Task<ToolRun> Ended(CommandTask<CommandResult> task, SharedText output, SharedText error)
    {
        var result = await task;
        return new(result.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>What is printed can be read at once, and not only after the end.</summary>
    private static PipeTarget Into(SharedText text) => PipeTarget.Create(async (printed, cancel) =>
    {
        using var reader = new StreamReader(printed, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var piece = new char[1024];
        while (await reader.ReadAsync(piece, cancel) is > 0 and var count) text.Write(piece, 0, count);
    });

    private static int? Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

/// <summary>How a run of the tool ended.</summary>
public sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public string All => Out + Error;
}

/// <summary>A tool that runs.</summary>
public sealed record RunningTool(int ProcessId, SharedText Output, SharedText Errors, Task<ToolRun> Ended);
