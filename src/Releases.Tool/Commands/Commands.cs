using System.CommandLine;
using System.CommandLine.Help;

namespace Releases.Tool;

/// <summary>The commands of the tool, in the groups in which a person looks for them.</summary>
internal static class Commands
{
    public static RootCommand All(Surroundings outside)
    {
        var root = new RootCommand("Releases for .NET applications: see what there is and what is live, promote any of it, roll back.");
        root.Example("dotnet convox deploy", "publish every service, make a release of them, and promote it")
            .Example("dotnet convox releases", "what there is, and what is live")
            .Example("dotnet convox promote", "roll the latest out; where it does not prove healthy, all goes back")
            .Example("dotnet convox rollback", "back to what was active before");
        root.AddGroup("Releases", ReleasesCommand.Create(outside), PromoteCommand.Create(outside), RollbackCommand.Create(outside));
        root.AddGroup("Builds", BuildCommand.Create(outside), DeployCommand.Create(outside), InitCommand.Create(outside), BuildsCommand.Create(outside));
        root.AddGroup("Promotions", PromotionsCommand.Create(outside), WatchCommand.Create(outside), CancelCommand.Create(outside));
        root.AddGroup("Environment", EnvCommand.Create(outside));
        root.AddGroup(
            "What runs", ServicesCommand.Create(outside), PsCommand.Create(outside), LogsCommand.Create(outside), RunCommand.Create(outside),
            ScaleCommand.Create(outside), RestartCommand.Create(outside));
        root.AddGroup("Apps and racks", AppsCommand.Create(outside), EventsCommand.Create(outside), RackCommand.Create(outside), ConsoleCommand.Create(outside));
        root.AddGroup("The shell", CompletionCommand.Create(outside));
        foreach (var option in GlobalOptions.All()) root.Add(option);
        var version = root.Options.OfType<VersionOption>().Single();
        (version.Description, version.Action) = ("Print the version of this tool", new PrintVersion());
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h", "-?") { Description = "Print the help of a command", Action = new PrintHelp(outside.Terminal) });
        return root;
    }
}
