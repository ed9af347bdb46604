using Releases.Aws;
using Releases.Local;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A person at the command line of a rack in memory: types commands and reads what comes back.</summary>
public abstract class Typing : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-typing-").FullName;

    /// <summary>A quarter of an hour after everything in <see cref="A"/>.</summary>
    private protected WaitedForTime Time { get; set; } = new(A.Moment + TimeSpan.FromMinutes(15));

    private protected FakeRack Rack { get; set; } = new();

    private protected FakeDaemon Daemon { get; } = new();

    private protected FakeTerminal Terminal { get; private set; } = new();

    /// <summary>The variables of the process's environment.</summary>
    private protected Dictionary<string, string> Variables { get; } =
        new() { ["CONVOX_APP"] = "hello", ["CONVOX_ACTOR"] = A.Person, ["EDITOR"] = "ed" };

    /// <summary>The addresses that were opened.</summary>
    private protected SharedList<string> Opened { get; } = [];

    /// <summary>What the person does in the editor.</summary>
    private protected Func<string, Task> Edit { get; set; } = _ => Task.CompletedTask;

    /// <summary>The SDK.</summary>
    private protected RunDotnet Dotnet { get; set; } = (_, _, _) => throw new InvalidOperationException("There is no SDK.");

    /// <summary>What the check of an AWS rack finds.</summary>
    private protected List<RackFinding> Findings { get; } = [];

    /// <summary>What happens to an address that is opened in the browser.</summary>
    private protected Func<string, string?> Browse { get; set; } = _ => null;

    /// <summary>The current folder.</summary>
    private protected string Folder => _folder;

    /// <summary>The folder in that one in which commands are typed.</summary>
    private protected string Here { get; set; } = "";

    /// <summary>Whether there is a current folder.</summary>
    private protected bool HasFolder { get; set; } = true;

    private protected static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>What the last command printed as data.</summary>
    private protected string Data => Terminal.Data.ToString();

    /// <summary>What the last command said beside it.</summary>
    private protected string Talk => Terminal.Talk.ToString();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a command line and returns its exit code.</summary>
    private protected Task<int> Type(params string[] words) => Type(_ => { }, words);

    /// <summary>The same at a terminal of another kind.</summary>
    private protected async Task<int> Type(Action<FakeTerminal> at, params string[] words)
    {
        var running = Begin(at, Ending, words);
        await Time.PassesUntil(running, Rack.DrivenBy is ScriptedDriver driver ? driver.Step : null);
        return await running;
    }

    /// <summary>Begins a command that waits for something.</summary>
    private protected Task<int> Begin(Action<FakeTerminal> at, CancellationToken cancel, params string[] words)
    {
        Terminal = new();
        at(Terminal);
        Rack Open(RackAddress address)
        {
            Opened.Add(address.ToString());
            Rack.RunBy = address.Kind.Name == "local" ? Daemon : null;
            return Rack;
        }

        var (local, aws) = (new LocalRackKind(), new AwsRackKind());
        var racks = new RackKinds(
            new FakeRackKind(local.Name, Open)
            {
                Reads = (
                text, folder) => local.TryParse(text, folder)?.Text,
                AddressForms = local.AddressForms,
                Backup = new FakeBackup(),
                RunBy = Daemon,
            },
            new FakeRackKind(aws.Name, Open)
            {
                Reads = (text, folder) => aws.TryParse(text, folder)?.Text,
                AddressForms = aws.AddressForms,
                BackupElsewhere = ((IRackKind)aws).BackupElsewhere,
                HasSetup = true,
                Findings = Findings,
                Template = aws.Setup!.Template,
            });
        var here = Path.Combine(_folder, Here).TrimEnd(Path.DirectorySeparatorChar);
        var host = new ToolHost(Terminal, Time, HasFolder ? here : null, Variables.GetValueOrDefault, racks)
        {
            Edit = (file, _) => Edit(file),
            Browse = url => Browse(url),
            Dotnet = Dotnet,
        };
        return Task.Run(() => ConvoxTool.Run(words, host, cancel), CancellationToken.None);
    }
}
