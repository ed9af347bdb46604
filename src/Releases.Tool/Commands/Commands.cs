using System.CommandLine;
using System.CommandLine.Help;

namespace Releases.Tool;

/// <summary>The commands of the tool, in the groups in which a person looks for them.</summary>
internal static class Commands
{
    public static RootCommand All(ToolHost host)
    {
        var root = new RootCommand("Releases for .NET applications: see what there is and what is live, promote any of it, roll back.");
        root.Example("dotnet convox deploy", "publish every service, make a release of them, and promote it")
            .Example("dotnet convox releases", "what there is, and what is live")
            .Example("dotnet convox promote", "roll the latest out; where it does not prove healthy, all goes back")
            .Example("dotnet convox rollback", "back to what was active before");
        root.AddGroup("Releases", ReleasesCommand.Create(host), PromoteCommand.Create(host), RollbackCommand.Create(host));
        root.AddGroup("Builds", BuildCommand.Create(host), DeployCommand.Create(host), InitCommand.Create(host), BuildsCommand.Create(host));
        root.AddGroup("Promotions", PromotionsCommand.Create(host), WatchCommand.Create(host), CancelCommand.Create(host));
        root.AddGroup("Environment", EnvCommand.Create(host));
        root.AddGroup(
            "What runs", ServicesCommand.Create(host), PsCommand.Create(host), LogsCommand.Create(host), RunCommand.Create(host),
            ScaleCommand.Create(host), RestartCommand.Create(host));
        root.AddGroup("Apps and racks", AppsCommand.Create(host), EventsCommand.Create(host), RackCommand.Create(host), ConsoleCommand.Create(host));
        root.AddGroup("The shell", CompletionCommand.Create(host));
        foreach (var option in GlobalOptions.All()) root.Add(option);
        var version = root.Options.OfType<VersionOption>().Single();
        (version.Description, version.Action) = ("Print the version of this tool", new PrintVersion());
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h", "-?") { Description = "Print the help of a command", Action = new PrintHelp(host.Terminal) });
        return root;
    }
}
